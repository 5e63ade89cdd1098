// What ThreadSanitizer cannot see: oneTBB is installed without its instrumentation, so the order that TBB puts between
// a task and the one that started it looks like none, and sound programs are reported as races. A HandOver states such
// an order where it exists. In every other build it is empty and costs nothing.
#pragma once

#if defined(__SANITIZE_THREAD__)
#define PRISONFLOW_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define PRISONFLOW_THREAD_SANITIZER 1
#endif
#endif

#ifdef PRISONFLOW_THREAD_SANITIZER
// As in <sanitizer/tsan_interface.h>, which not every installation has.
extern "C" void __tsan_acquire(void* place);
extern "C" void __tsan_release(void* place);
#endif

namespace prisonflow::sim {

/// All that happened before a release() is visible after a later acquire(). Hints about an order, not the order itself.
class HandOver {
 public:
#ifdef PRISONFLOW_THREAD_SANITIZER
  void release() noexcept {
    __tsan_release(&place_);
  }
  void acquire() noexcept {
    __tsan_acquire(&place_);
  }

 private:
  char place_ = 0;
#else
  void release() noexcept {}
  void acquire() noexcept {}
#endif
};

/// The work of a scope: begins after what `before` handed over, is handed to `after` at its end, also by an exception.
class HandedWork {
 public:
  HandedWork(HandOver& before, HandOver& after) : after_(after) { before.acquire(); }
  ~HandedWork() { after_.release(); }
  HandedWork(const HandedWork&) = delete;
  HandedWork& operator=(const HandedWork&) = delete;

 private:
  HandOver& after_;
};

/// The scope that hands work out and takes it back: what comes after it sees all that was done, or was thrown.
class WorkGivenOut {
 public:
  WorkGivenOut() { out_.release(); }
  ~WorkGivenOut() { back_.acquire(); }
  WorkGivenOut(const WorkGivenOut&) = delete;
  WorkGivenOut& operator=(const WorkGivenOut&) = delete;
  HandOver& out() { return out_; }
  HandOver& back() { return back_; }

 private:
  HandOver out_;
  HandOver back_;
};

}  // namespace prisonflow::sim
