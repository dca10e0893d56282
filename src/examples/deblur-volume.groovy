#@ File (label = "N5 container", style = "directory") container
#@ String (label = "Dataset", value = "volume/s0") dataset
#@ String (label = "Result", value = "volume-deblurred/s0") result
#@ String (label = "Model", value = "camera-shake") model
#@ String (label = "Restoration", value = "learned") restoration

// A volume of N5, plane by plane (x, y) within blocks of whole chunks: in Fiji, which has N5's libraries. Planes share one kernel, from
// the middle one. Any other store will do that opens as an image of ImgLib2 and writes blocks: only the last lines know of N5.

import io.github.learningtodeblur.Deblurring
import io.github.learningtodeblur.batch.BlockWriter
import io.github.learningtodeblur.batch.KernelStore
import io.github.learningtodeblur.batch.VolumeKernels
import io.github.learningtodeblur.batch.VolumeLayout
import io.github.learningtodeblur.batch.VolumeRestoration
import io.github.learningtodeblur.model.Models
import io.github.learningtodeblur.restore.Restorations
import net.imglib2.type.numeric.real.FloatType
import org.janelia.saalfeldlab.n5.DataType
import org.janelia.saalfeldlab.n5.N5FSWriter
import org.janelia.saalfeldlab.n5.imglib2.N5Utils

n5 = new N5FSWriter(container.path)
attributes = n5.getDatasetAttributes(dataset)
volume = N5Utils.open(n5, dataset)
layout = new VolumeLayout(attributes.dimensions, attributes.blockSize, -1, VolumeLayout.Scope.ONE, 0, 0)

kernels = [:]
store = [read: { place -> kernels[place as List] }, write: { place, kernel -> kernels[place as List] = kernel }] as KernelStore
found = new VolumeKernels(volume, layout, store)
layout.places().each { println found.estimate(it, new Deblurring(Models.open(model))).line() }

if (!n5.exists(result)) n5.createDataset(result, attributes.dimensions, attributes.blockSize, DataType.FLOAT32, attributes.compression)
written = n5.getDatasetAttributes(result)
blocks = new VolumeRestoration(volume, layout, store, 0, Restorations.named(restoration))
layout.blocks().each { box ->
	blocks.restore(box, { block ->
		chunk = (0..<block.numDimensions()).collect { block.min(it).intdiv(written.blockSize[it]) } as long[]
		N5Utils.saveBlock(block, n5, result, written, chunk)
		return 0L
	} as BlockWriter)
}
