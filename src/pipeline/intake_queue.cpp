#include "intake_queue.h"

#include <utility>

namespace vitals::pipeline {

bool IntakeQueue::push(model::ExecutionBatch batch, Intake::Done done) {
  const std::uint64_t bytes = batch.memory_bytes();
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || (!batches_.empty() && bytes_ + bytes > bytes_max_)) return false;
    bytes_ += bytes;
    batches_.push_back({std::move(batch), std::move(done), bytes});
  }
  changed_.notify_one();
  return true;
}

bool IntakeQueue::command(std::function<void()> run) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    commands_.push_back(std::move(run));
  }
  changed_.notify_one();
  return true;
}

std::vector<IntakeQueue::Waiting> IntakeQueue::take(std::size_t rows_max) {
  std::vector<Waiting> taken;
  const std::lock_guard lock(mutex_);
  for (std::size_t rows = 0; !batches_.empty(); batches_.pop_front()) {
    rows += batches_.front().batch.rows();
    if (!taken.empty() && rows > rows_max) break;
    bytes_ -= batches_.front().bytes;
    taken.push_back(std::move(batches_.front()));
  }
  return taken;
}

std::vector<std::function<void()>> IntakeQueue::take_commands() {
  const std::lock_guard lock(mutex_);
  return std::exchange(commands_, {});
}

void IntakeQueue::wait_for(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, longest,
                    [this] { return closed_ || !batches_.empty() || !commands_.empty(); });
}

void IntakeQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

bool IntakeQueue::drained() const {
  const std::lock_guard lock(mutex_);
  return closed_ && batches_.empty() && commands_.empty();
}

std::uint64_t IntakeQueue::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace vitals::pipeline
