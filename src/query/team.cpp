#include "team.h"

#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <vector>

namespace vitals::query {
namespace {

enum class Part : std::uint8_t { idle, busy, done };

/// What the thread that was asked shares with its helpers, some of which may only come when it is
/// gone.
struct Job {
  explicit Job(std::size_t count, const Team::Step& given) : step(given), parts(count) {}

  const Team::Step& step;  ///< gone when all parts are done
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Part> parts;
  Status status;
  std::exception_ptr thrown;

  bool any(Part state) const { return std::find(parts.begin(), parts.end(), state) != parts.end(); }
  void give_up() { std::replace(parts.begin(), parts.end(), Part::idle, Part::done); }

  /// Takes a step of the first idle part; false when there is none.
  bool advance(std::unique_lock<std::mutex>& lock) {
    const auto idle = std::find(parts.begin(), parts.end(), Part::idle);
    if (idle == parts.end()) return false;
    *idle = Part::busy;
    lock.unlock();
    Result<bool> more = false;
    std::exception_ptr problem;
    try {
      more = step(static_cast<std::size_t>(idle - parts.begin()));
    } catch (...) {  // for the thread that was asked, whichever thread this is
      problem = std::current_exception();
    }
    lock.lock();
    if (problem != nullptr) thrown = problem;
    if (!more && status.ok()) status = more.error();
    const bool failed = thrown != nullptr || !status;
    *idle = !failed && *more ? Part::idle : Part::done;
    if (failed) give_up();
    changed.notify_one();
    return true;
  }
};

void help(TaskQueue& queue, const std::shared_ptr<Job>& job) {
  {
    std::unique_lock lock(job->mutex);
    if (!job->advance(lock)) return;
  }
  // A full queue has no thread to spare.
  (void)queue.post([&queue, job] { help(queue, job); });
}

}  // namespace

Status Team::run(std::size_t parts, const Step& step) const {
  const auto job = std::make_shared<Job>(parts, step);
  const std::size_t helpers =
      threads_.queue == nullptr || parts == 0 ? 0 : std::min(parts, threads_.threads) - 1;
  for (std::size_t i = 0; i < helpers; ++i) {
    if (!threads_.queue->post([queue = threads_.queue, job] { help(*queue, job); })) break;
  }
  std::unique_lock lock(job->mutex);
  while (job->advance(lock) || job->any(Part::busy)) {
    job->changed.wait(lock, [&] { return job->any(Part::idle) || !job->any(Part::busy); });
  }
  if (job->thrown != nullptr) std::rethrow_exception(job->thrown);
  return job->status;
}

}  // namespace vitals::query
