#@ File (label = "Blurry image") input
#@ File (label = "Save the deblurred image as", style = "save") output
#@ CommandService commands
#@output String kernelSize

// Fiji: File > Open, then Run. Without a screen: fiji --headless --run deblur.groovy "input='...', output='...'"

import ij.IJ
import io.github.learningtodeblur.command.BlindDeconvolution

image = IJ.openImage(input.path)
// names and values as in the dialog and in macros; those left out have their default values
module = commands.run(BlindDeconvolution, true, "image", image, "restoration", "wiener").get()
if (module.isCanceled()) throw new RuntimeException(module.cancelReason)

IJ.saveAsTiff(module.getOutput("deblurred"), output.path)
kernel = module.getOutput("kernel")
kernelSize = kernel.width + "x" + kernel.height
