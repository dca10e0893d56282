package io.github.learningtodeblur.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.testimages.Disturbances;
import io.github.learningtodeblur.testimages.Disturbances.Disturbed;
import io.github.learningtodeblur.util.Plane;

/**
 * Draws what {@code disturbed} is to be measured on: {@code mvn -q test-compile exec:exec@disturbed-set -Dimages=FOLDER -Dkernels=FOLDER
 * -Dout=FOLDER} takes the middle of ten sharp photographs, blurs each by another kernel with half a per cent of noise, and puts
 * five disturbances into each, other ones from photograph to photograph: a round field, row or column noise, a bar or text, a frame or dead
 * column, hot and dead pixels. It writes pictures as TIFF, and the list {@code disturbed.csv}.
 */
public final class DisturbedSet {

	private static final int PICTURES = 10, WIDTH = 350, HEIGHT = 340;
	private static final double NOISE = 0.005;

	private DisturbedSet() {}

	/** @param args folders of sharp photographs and of kernels, and the one to write into */
	public static void main(final String... args) throws IOException {
		final List<Path> photographs = ImageFiles.images(Path.of(args[0])), kernels = ImageFiles.images(Path.of(args[1]));
		final Path out = Path.of(args[2]);
		Files.createDirectories(out);
		final List<String> lines = new ArrayList<>(List.of("case,file,truth,undisturbed,leave_out"));
		for (int n = 0; n < Math.min(PICTURES, photographs.size()); n++) {
			final Plane kernel = ImageFiles.read(kernels.get(n % kernels.size())).luminance().normalized();
			final Disturbances.Scene scene = Disturbances.blurred(middle(ImageFiles.read(photographs.get(n)).luminance(), kernel), kernel, NOISE, n);
			final String truth = write(out, n + "-sharp", scene.sharp()), undisturbed = write(out, n + "-undisturbed", scene.blurry());
			for (final Map.Entry<String, Disturbed> d : disturbances(scene.blurry(), n).entrySet()) {
				final String name = n + "-" + d.getKey();
				lines.add(String.join(",", name, write(out, name, d.getValue().image()), truth, undisturbed, ""));
			}
		}
		Files.write(out.resolve("disturbed.csv"), lines);
	}

	private static Plane middle(final Plane p, final Plane kernel) {
		final int w = WIDTH + kernel.width() - 1, h = HEIGHT + kernel.height() - 1;
		return p.crop((p.width() - w) / 2, (p.height() - h) / 2, w, h);
	}

	private static Map<String, Disturbed> disturbances(final Plane image, final int n) {
		final Map<String, Disturbed> all = new LinkedHashMap<>();
		all.put("field", Disturbances.roundField(image, 0.7 + 0.15 * (n % 3)));
		final double lines = 0.01 * (1 + n % 4);
		all.put(n % 2 == 0 ? "rows" : "columns", n % 2 == 0 ? Disturbances.rowNoise(image, lines, n) : Disturbances.columnNoise(image, lines, n));
		all.put("bar", switch (n % 4) {
			case 0 -> Disturbances.text(image);
			case 1 -> Disturbances.textOnBar(image);
			case 2 -> Disturbances.scaleBar(image);
			default -> Disturbances.dataBar(image);
		});
		all.put("frame", switch (n % 3) {
			case 0 -> Disturbances.letterbox(image);
			case 1 -> Disturbances.whiteFrame(image);
			default -> Disturbances.deadColumn(image);
		});
		all.put("hot", Disturbances.hotPixels(image, n % 2 == 0 ? 1e-4 : 1e-3, n % 3 != 0, n));
		return all;
	}

	private static String write(final Path folder, final String name, final Plane picture) throws IOException {
		final String file = name + ".tif";
		ImageFiles.writeTiff(folder.resolve(file), List.of(picture));
		return file;
	}
}
