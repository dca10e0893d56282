import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import io.github.learningtodeblur.Deblurred;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.util.Progress;

/** Deblurs a picture without ImageJ, Fiji or a SciJava context: DeblurFile blurry.png deblurred.tif kernel.tif */
public class DeblurFile {

	public static void main(final String[] args) {
		try {
			deblur(args);
		}
		catch (final IOException | IllegalArgumentException e) { // what was wrong, in a sentence
			System.err.println(e.getMessage());
			System.exit(1);
		}
	}

	private static void deblur(final String[] args) throws IOException {
		final Deblurring deblurring = new Deblurring(Models.open("camera-shake"));
		// planes with values in [0, 1]; the colours of a picture share a kernel
		final Deblurred result = deblurring.deblur(ImageFiles.read(Path.of(args[0])).channels(),
			Restorations.named(Restorations.USUAL), Progress.NONE);
		ImageFiles.writeTiff(Path.of(args[1]), result.channels());
		ImageFiles.writeTiff(Path.of(args[2]), List.of(result.kernel()));
	}
}
