package io.github.learningtodeblur.command;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.VirtualStack;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.LUT;
import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.ModelSpec;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;
import io.github.learningtodeblur.model.Models;

/** Images of every type, and a model too small to be good. */
final class Given {

	static final int WIDTH = 61, HEIGHT = 47;

	private Given() {}

	/** Kernel sizes 5 and 9; random weights. */
	static Path model(final Path folder) throws IOException {
		final StageSpec stage = new StageSpec(4, 3, 4, 2, 1, true);
		final Path file = folder.resolve("tiny.safetensors");
		Models.save(file, Model.initial(new ModelSpec(List.of(new ScaleSpec(5, "a", List.of(stage, stage)),
			new ScaleSpec(9, "b", List.of(stage)))), 1));
		return file;
	}

	static ImageProcessor rectangles(final int width, final int height, final long seed) {
		final Random random = new Random(seed);
		final ImageProcessor ip = new ByteProcessor(width, height);
		for (int i = 0; i < width * height / 20; i++) {
			ip.setValue(20 + random.nextInt(200));
			ip.fillRect(random.nextInt(width), random.nextInt(height), 3 + random.nextInt(9), 3 + random
				.nextInt(9));
		}
		return ip;
	}

	/** Sharp images would be left as they are. */
	private static ImageProcessor blurry(final int width, final int height, final long seed) {
		final ImageProcessor ip = rectangles(width, height, seed);
		for (int i = 0; i < 3; i++)
			ip.smooth();
		return ip;
	}

	private static ImageProcessor as(final ImageProcessor bytes, final int bits, final long seed) {
		return switch (bits) {
			case 8 -> bytes;
			case 16 -> {
				final ImageProcessor ip = bytes.convertToShortProcessor(false);
				ip.multiply(13); // up to 2860: a camera of 12 bits
				yield ip;
			}
			case 32 -> {
				final ImageProcessor ip = bytes.convertToFloatProcessor();
				ip.multiply(0.1);
				ip.add(-3);
				yield ip;
			}
			default -> {
				final ColorProcessor rgb = new ColorProcessor(bytes.getWidth(), bytes.getHeight());
				rgb.setChannel(1, (ByteProcessor) bytes);
				rgb.setChannel(2, (ByteProcessor) blurry(bytes.getWidth(), bytes.getHeight(), seed + 100));
				rgb.setChannel(3, (ByteProcessor) bytes);
				yield rgb;
			}
		};
	}

	/** "8-bit", "16-bit", "32-bit", "RGB", "stack", "RGB stack", "composite", "virtual". */
	static ImagePlus image(final String type) {
		return dressed(switch (type) {
			case "8-bit", "16-bit", "32-bit", "RGB" -> new ImagePlus("", as(blurry(WIDTH, HEIGHT, 1), bits(
				type), 1));
			case "stack" -> new ImagePlus("", stack(3, 16));
			case "RGB stack" -> new ImagePlus("", stack(2, 24));
			case "composite" -> {
				final ImagePlus plain = new ImagePlus("", stack(12, 16));
				plain.setDimensions(2, 3, 2);
				final CompositeImage c = new CompositeImage(plain, IJ.COMPOSITE);
				c.setOpenAsHyperStack(true);
				final LUT red = LUT.createLutFromColor(Color.red), green = LUT.createLutFromColor(Color.green);
				red.min = 10;
				red.max = 3000;
				green.min = 5;
				green.max = 2000;
				c.setLuts(new LUT[] { red, green });
				c.setPosition(2, 3, 1);
				yield c;
			}
			case "virtual" -> new ImagePlus("", new Virtual(3));
			default -> throw new IllegalArgumentException(type);
		}, type);
	}

	static int bits(final String type) {
		return switch (type) {
			case "8-bit", "virtual" -> 8;
			case "32-bit" -> 32;
			case "RGB", "RGB stack" -> 24;
			default -> 16;
		};
	}

	private static ImageStack stack(final int n, final int bits) {
		final ImageStack s = new ImageStack(WIDTH, HEIGHT);
		for (int i = 1; i <= n; i++)
			s.addSlice("label " + i, as(blurry(WIDTH, HEIGHT, i), bits, i));
		return s;
	}

	private static ImagePlus dressed(final ImagePlus image, final String type) {
		image.setTitle(type + ".tif");
		image.getCalibration().pixelWidth = 0.25;
		image.getCalibration().setUnit("um");
		image.getCalibration().frameInterval = 2;
		image.setOverlay(new Overlay(new Roi(3, 4, 10, 11)));
		image.setProperty("Info", "taken on a Monday");
		image.setProp("Objective", "40x");
		if (type.equals("8-bit")) image.setLut(LUT.createLutFromColor(Color.cyan));
		if (type.equals("16-bit")) image.setDisplayRange(7, 2222);
		return image;
	}

	/** Planes are made when asked for, as those read from a file are. */
	static class Virtual extends VirtualStack {

		private final int planes;

		Virtual(final int planes) {
			super(WIDTH, HEIGHT, null, null);
			this.planes = planes;
		}

		@Override
		public ImageProcessor getProcessor(final int n) {
			return blurry(WIDTH, HEIGHT, n);
		}

		@Override
		public int getSize() {
			return planes;
		}

		@Override
		public int size() {
			return planes;
		}

		@Override
		public int getBitDepth() {
			return 8;
		}

		@Override
		public String getSliceLabel(final int n) {
			return "virtual " + n;
		}
	}

	/** Of 32 bits, with one value in the middle of a size of your choice. */
	static ImagePlus point(final int width, final int height, final int x, final int y) {
		final FloatProcessor ip = new FloatProcessor(width, height);
		ip.setf(x, y, 7);
		return new ImagePlus("point", ip);
	}
}
