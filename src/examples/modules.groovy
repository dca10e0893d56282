#@ File (label = "Blurry image") input
#@ File (label = "Save the deblurred image as", style = "save") output
#@ String (label = "Model", value = "camera-shake") model
#@output String kernelSize
#@output double difference

// The network put together from its modules by hand: features, kernel, image, next stage; next scale. Each module takes and gives
// images of ImgLib2, so that any of them can be looked at, changed or replaced on the way.

import ij.IJ
import ij.ImagePlus
import ij.process.FloatProcessor
import io.github.learningtodeblur.backend.cpu.CpuBackend
import io.github.learningtodeblur.model.Models
import io.github.learningtodeblur.modules.BlockRestoration
import io.github.learningtodeblur.modules.DeblurringNetwork
import io.github.learningtodeblur.modules.FeatureExtractor
import io.github.learningtodeblur.modules.ImageQuotient
import io.github.learningtodeblur.modules.KernelQuotient
import io.github.learningtodeblur.restore.Restorations
import io.github.learningtodeblur.util.Images
import net.imglib2.img.array.ArrayImgs

pixels = IJ.openImage(input.path).getProcessor().convertToByte(true).convertToFloatProcessor()
pixels.multiply(1 / 255d)
blurry = ArrayImgs.floats((float[]) pixels.getPixels(), pixels.width, pixels.height)

backend = new CpuBackend()
trained = Models.open(model)
network = new DeblurringNetwork(backend, trained)
latent = null
for (scale in 0..<network.kernelSizes().size()) {
	seen = network.input(blurry, scale)                     // smaller for small kernels
	if (latent != null) latent = network.enlarged(latent, seen)
	for (stage in 0..<network.stageCount(scale)) {
		features = new FeatureExtractor(backend, trained, scale, stage).extract(seen, latent)
		kernel = KernelQuotient.of(backend, trained, scale, stage).kernel(features, network.kernelSizes()[scale])
		latent = ImageQuotient.of(backend, trained, scale, stage).image(seen, kernel)
	}
}

// the network does the same at once
same = network.apply(blurry).kernel()
difference = [Images.values(kernel), Images.values(same)].transpose().collect { a, b -> Math.abs(a - b) }.max()

sharp = new BlockRestoration(Restorations.named("learned")).restore(blurry, kernel)
result = new FloatProcessor(pixels.width, pixels.height, Images.values(sharp))
result.multiply(255)
IJ.saveAsTiff(new ImagePlus("deblurred", result.convertToByte(false)), output.path)
kernelSize = kernel.dimension(0) + "x" + kernel.dimension(1)
