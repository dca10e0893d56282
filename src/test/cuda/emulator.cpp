// A libcuda of one device that is the CPU, for tests on machines without a graphics card: JCuda's own native library
// calls it, and it runs the very kernels of src/main/cuda, compiled by g++. Blocks run one after the other; the
// threads of a block are fibers that take turns at __syncthreads(), in odd blocks from last to first, so that a
// missing barrier shows. Slow, and strict: memory is not a number until it is written, lies between guards, and must
// be alive when a kernel is given its address. Counts what happens, and fails when told to.

#include "emulator.h"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <type_traits>
#include <ucontext.h>
#include <vector>

// -- threads --

uint3 threadIdx, blockIdx;
dim3 blockDim, gridDim;

/** As much as every device has; beyond what a launch asks for lie guards. */
static const int MOST_SHARED = 48 << 10;
static const int GUARD = 4096;
alignas(16) float4 sharedMemory[(MOST_SHARED + GUARD) / sizeof(float4)];

namespace {

/** A kernel with its arguments. */
struct Launch {
	virtual void thread() = 0;
};

struct Fiber {
	jmp_buf context;
	ucontext_t start;
	bool done = true;
};

const int STACK = 64 << 10;
std::vector<Fiber*> fibers;
Fiber* current;
Launch* running;
jmp_buf scheduler;

void suspend() {
	if (!_setjmp(current->context)) _longjmp(scheduler, 1);
}

void fiberBody() {
	while (true) {
		suspend();
		running->thread();
		current->done = true;
	}
}

/** Until the fiber's next barrier or end. */
__attribute__((noinline)) void resume() {
	if (!_setjmp(scheduler)) _longjmp(current->context, 1);
}

__attribute__((noinline)) void start() {
	if (!_setjmp(scheduler)) setcontext(&current->start);
}

void needFibers(size_t count) {
	while (fibers.size() < count) {
		current = new Fiber;
		fibers.push_back(current);
		getcontext(&current->start);
		current->start.uc_stack.ss_sp = malloc(STACK);
		current->start.uc_stack.ss_size = STACK;
		current->start.uc_link = nullptr;
		makecontext(&current->start, fiberBody, 0);
		start();
	}
}

/** @return whether all threads of the block met at the same barriers */
bool runBlock(bool backwards) {
	const unsigned count = blockDim.x * blockDim.y * blockDim.z;
	for (unsigned i = 0; i < count; i++)
		fibers[i]->done = false;
	for (unsigned alive = count; alive > 0;) {
		unsigned ended = 0;
		for (unsigned i = 0; i < count; i++) {
			const unsigned t = backwards ? count - 1 - i : i;
			threadIdx = { t % blockDim.x, t / blockDim.x % blockDim.y, t / blockDim.x / blockDim.y };
			current = fibers[t];
			if (current->done) return false;
			resume();
			if (current->done) ended++;
		}
		alive -= ended;
		if (alive > 0 && ended > 0) return false;
	}
	return true;
}

} // namespace

void __syncthreads() {
	suspend();
}

// -- memory, faults, counts --

namespace {

enum Result { SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NO_DEVICE = 100, INVALID_IMAGE = 200, INVALID_CONTEXT = 201,
	NOT_FOUND = 500, ILLEGAL_ADDRESS = 700, LAUNCH_FAILED = 719 };

const char* nameOf(int result) {
	switch (result) {
		case SUCCESS: return "CUDA_SUCCESS";
		case INVALID_VALUE: return "CUDA_ERROR_INVALID_VALUE";
		case OUT_OF_MEMORY: return "CUDA_ERROR_OUT_OF_MEMORY";
		case NO_DEVICE: return "CUDA_ERROR_NO_DEVICE";
		case INVALID_IMAGE: return "CUDA_ERROR_INVALID_IMAGE";
		case INVALID_CONTEXT: return "CUDA_ERROR_INVALID_CONTEXT";
		case NOT_FOUND: return "CUDA_ERROR_NOT_FOUND";
		case ILLEGAL_ADDRESS: return "CUDA_ERROR_ILLEGAL_ADDRESS";
		case LAUNCH_FAILED: return "CUDA_ERROR_LAUNCH_FAILED";
		default: return "CUDA_ERROR_UNKNOWN";
	}
}

/** The same numbers are in EmulatedDevice.java. */
enum Count { ALLOCATIONS, FREES, LAUNCHES, COPIES_TO_HOST, COPIES_TO_DEVICE, OVERRUNS, CONTEXTS, MODULES, COUNTS };
enum Fault { DEVICES, CAPABILITY, DRIVER, FAILING_ALLOCATION, FAILING_LAUNCH, WRONG_LAUNCH, FAULTS };

std::mutex lock;
long counts[COUNTS];
long faults[FAULTS];
/** The first error of a kernel stays, as on a device. */
int sticky;

struct Block {
	size_t bytes;
	void* context;
};

/** By address. */
std::map<uintptr_t, Block> alive;
/** Of this thread, the current one last. */
thread_local std::vector<void*> contexts;

const size_t MEMORY = (size_t) 1 << 30;

size_t used() {
	size_t sum = 0;
	for (const auto& block : alive)
		sum += block.second.bytes;
	return sum;
}

const unsigned char GUARD_BYTE = 0xFF; // four of them are not a number

bool untouched(const void* from, size_t bytes) {
	for (size_t i = 0; i < bytes; i++)
		if (((const unsigned char*) from)[i] != GUARD_BYTE) return false;
	return true;
}

bool isAlive(uintptr_t at, size_t bytes) {
	auto next = alive.upper_bound(at);
	if (next == alive.begin()) return false;
	const auto& block = *--next;
	return at + bytes <= block.first + block.second.bytes;
}

template<class T> bool acceptable(const T& argument) {
	if constexpr (std::is_pointer_v<T>) return argument == nullptr || isAlive((uintptr_t) argument, 1);
	return true;
}

template<class... A> struct Typed : Launch {
	void (*kernel)(A...);
	std::tuple<std::remove_cv_t<A>...> arguments;

	Typed(void (*kernel)(A...)) : kernel(kernel) {}

	bool read(void** from) {
		int i = 0;
		return std::apply([&](auto&... a) {
			(std::memcpy((void*) &a, from[i++], sizeof a), ...);
			return (acceptable(a) && ...);
		}, arguments);
	}

	void thread() override { std::apply(kernel, arguments); }
};

int check() {
	if (sticky) return sticky;
	return contexts.empty() ? INVALID_CONTEXT : SUCCESS;
}

int run(Launch& launch, dim3 grid, dim3 block, unsigned shared) {
	needFibers(block.x * block.y * block.z);
	running = &launch;
	gridDim = grid;
	blockDim = block;
	unsigned n = 0;
	for (blockIdx.z = 0; blockIdx.z < grid.z; blockIdx.z++)
		for (blockIdx.y = 0; blockIdx.y < grid.y; blockIdx.y++)
			for (blockIdx.x = 0; blockIdx.x < grid.x; blockIdx.x++) {
				std::memset(sharedMemory, GUARD_BYTE, shared + GUARD);
				if (!runBlock(n++ % 2 == 1)) {
					for (Fiber* f : fibers)
						free(f->start.uc_stack.ss_sp), delete f;
					fibers.clear(); // some of them wait in the middle of the kernel
					return sticky = LAUNCH_FAILED;
				}
				if (!untouched((char*) sharedMemory + shared, GUARD)) return sticky = ILLEGAL_ADDRESS;
			}
	return SUCCESS;
}

template<class... A> int call(void (*kernel)(A...), void** arguments, dim3 grid, dim3 block, unsigned shared) {
	Typed<A...> launch(kernel);
	if (!launch.read(arguments)) return sticky = ILLEGAL_ADDRESS;
	return run(launch, grid, block, shared);
}

struct Kernel {
	const char* name;
	int (*call)(void** arguments, dim3 grid, dim3 block, unsigned shared);
};

} // namespace

#include "kernels.cu"

static const Kernel KERNELS[] = {
#define KERNEL(name) { #name, [](void** a, dim3 grid, dim3 block, unsigned shared) { return call(name, a, grid, block, shared); } },
#include "kernel-names.inc"
#undef KERNEL
};

// -- the driver --

#define API extern "C" __attribute__((visibility("default"))) int
#define LOCKED std::lock_guard<std::mutex> guard(lock)
#define CHECKED LOCKED; if (int error = check()) return error

struct Module { std::string image; };

API cuInit(unsigned) { return faults[DEVICES] > 0 ? SUCCESS : NO_DEVICE; }

API cuDriverGetVersion(int* version) { *version = faults[DRIVER]; return SUCCESS; }

API cuDeviceGetCount(int* count) { *count = faults[DEVICES]; return SUCCESS; }

API cuDeviceGet(int* device, int ordinal) { *device = ordinal; return SUCCESS; }

API cuDeviceGetName(char* name, int length, int) { snprintf(name, length, "Emulated Device"); return SUCCESS; }

API cuDeviceTotalMem_v2(size_t* bytes, int) { *bytes = MEMORY; return SUCCESS; }

API cuDeviceGetAttribute(int* value, int attribute, int) {
	if (attribute == 75) *value = faults[CAPABILITY] / 10; // compute capability
	else if (attribute == 76) *value = faults[CAPABILITY] % 10;
	else return INVALID_VALUE;
	return SUCCESS;
}

API cuCtxCreate_v2(void** context, unsigned, int) {
	LOCKED;
	counts[CONTEXTS]++;
	sticky = 0;
	contexts.push_back(*context = new char);
	return SUCCESS;
}

API cuCtxDestroy_v2(void* context) {
	LOCKED;
	counts[CONTEXTS]--;
	for (auto block = alive.begin(); block != alive.end();) {
		if (block->second.context != context) ++block;
		else free((char*) block->first - GUARD), block = alive.erase(block);
	}
	delete (char*) context;
	return SUCCESS;
}

API cuCtxPushCurrent_v2(void* context) { contexts.push_back(context); return SUCCESS; }

API cuCtxPopCurrent_v2(void** context) {
	if (contexts.empty()) return INVALID_CONTEXT;
	*context = contexts.back();
	contexts.pop_back();
	return SUCCESS;
}

API cuCtxSynchronize() { LOCKED; return check(); }

API cuModuleLoadData(void** module, const void* image) {
	CHECKED;
	const std::string text((const char*) image);
	if (text.find(".version") == std::string::npos) return INVALID_IMAGE;
	*module = new Module{ text };
	counts[MODULES]++;
	return SUCCESS;
}

API cuModuleUnload(void* module) { CHECKED; delete (Module*) module; counts[MODULES]--; return SUCCESS; }

/** A kernel must be in the PTX as well. */
API cuModuleGetFunction(void** function, void* module, const char* name) {
	CHECKED;
	if (((Module*) module)->image.find(std::string(".entry ") + name + "(") == std::string::npos) return NOT_FOUND;
	for (const Kernel& k : KERNELS)
		if (!std::strcmp(k.name, name)) {
			*function = (void*) &k;
			return SUCCESS;
		}
	return NOT_FOUND;
}

API cuMemGetInfo_v2(size_t* free, size_t* total) {
	CHECKED;
	*total = MEMORY;
	*free = MEMORY - used();
	return SUCCESS;
}

API cuMemAlloc_v2(uintptr_t* at, size_t bytes) {
	CHECKED;
	if ((faults[FAILING_ALLOCATION] > 0 && --faults[FAILING_ALLOCATION] == 0) || used() + bytes > MEMORY) return OUT_OF_MEMORY;
	counts[ALLOCATIONS]++;
	char* block = (char*) aligned_alloc(256, (bytes + 2 * GUARD + 255) / 256 * 256);
	std::memset(block, GUARD_BYTE, bytes + 2 * GUARD);
	*at = (uintptr_t) block + GUARD;
	alive[*at] = { bytes, contexts.back() };
	return SUCCESS;
}

API cuMemFree_v2(uintptr_t at) {
	CHECKED;
	const auto block = alive.find(at);
	if (block == alive.end()) return INVALID_VALUE;
	counts[FREES]++;
	if (!untouched((char*) at - GUARD, GUARD) || !untouched((char*) at + block->second.bytes, GUARD)) counts[OVERRUNS]++;
	alive.erase(block);
	free((char*) at - GUARD);
	return SUCCESS;
}

API cuMemcpyHtoD_v2(uintptr_t to, const void* from, size_t bytes) {
	CHECKED;
	if (!isAlive(to, bytes)) return INVALID_VALUE;
	counts[COPIES_TO_DEVICE]++;
	std::memcpy((void*) to, from, bytes);
	return SUCCESS;
}

API cuMemcpyDtoH_v2(void* to, uintptr_t from, size_t bytes) {
	CHECKED;
	if (!isAlive(from, bytes)) return INVALID_VALUE;
	counts[COPIES_TO_HOST]++;
	std::memcpy(to, (void*) from, bytes);
	return SUCCESS;
}

API cuMemsetD32Async(uintptr_t at, unsigned value, size_t n, void*) {
	CHECKED;
	if (!isAlive(at, 4 * n)) return INVALID_VALUE;
	for (size_t i = 0; i < n; i++)
		((unsigned*) at)[i] = value;
	return SUCCESS;
}

API cuLaunchKernel(void* function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
	unsigned blockZ, unsigned shared, void*, void** arguments, void**)
{
	CHECKED;
	counts[LAUNCHES]++;
	if (faults[FAILING_LAUNCH] > 0 && --faults[FAILING_LAUNCH] == 0) return sticky = LAUNCH_FAILED;
	if (gridX * gridY * gridZ == 0 || gridY > 65535 || gridZ > 65535 || blockX * blockY * blockZ == 0 || blockX * blockY *
		blockZ > 1024 || shared > MOST_SHARED) return INVALID_VALUE;
	if (faults[WRONG_LAUNCH] > 0 && --faults[WRONG_LAUNCH] == 0) return SUCCESS; // did nothing
	return ((const Kernel*) function)->call(arguments, { gridX, gridY, gridZ }, { blockX, blockY, blockZ }, shared);
}

API cuGetErrorName(int error, const char** name) { *name = nameOf(error); return SUCCESS; }

API cuGetErrorString(int error, const char** text) { *text = nameOf(error); return SUCCESS; }

// -- for EmulatedDevice.java --

#define NATIVE(type, name) extern "C" __attribute__((visibility("default"))) type \
	Java_io_github_learningtodeblur_backend_cuda_EmulatedDevice_##name

NATIVE(void, reset)(void*, void*) { LOCKED; std::memset(counts, 0, sizeof counts); }

NATIVE(int64_t, count)(void*, void*, int32_t which) { LOCKED; return counts[which]; }

NATIVE(void, set)(void*, void*, int32_t which, int64_t value) { LOCKED; faults[which] = value; }
