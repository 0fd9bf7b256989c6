#include "comments.h"

#include <algorithm>
#include <utility>

#include <vitals/model/rows.h>
#include <vitals/model/signal.h>

#include "log_answer.h"

namespace vitals::query {
namespace {

bool newer(const KeptComment& a, const KeptComment& b) { return a.time_ms > b.time_ms; }

/// The newest comments that it was offered.
class Newest {
 public:
  explicit Newest(std::size_t limit) : limit_(limit) {}

  /// Whether a comment of this time has a place.
  bool open_to(TimeMs time) const { return heap_.size() < limit_ || heap_.front().time_ms < time; }
  void add(KeptComment comment) {
    if (heap_.size() == limit_) {
      left_out_ = true;
      std::pop_heap(heap_.begin(), heap_.end(), newer);
      heap_.pop_back();
    }
    heap_.push_back(std::move(comment));
    std::push_heap(heap_.begin(), heap_.end(), newer);
  }
  void leave_out() { left_out_ = true; }
  bool has_left_out() const { return left_out_; }
  std::vector<KeptComment> sorted() && {
    std::sort_heap(heap_.begin(), heap_.end(), newer);
    return std::move(heap_);
  }

 private:
  const std::size_t limit_;
  bool left_out_ = false;
  std::vector<KeptComment> heap_;  // the oldest in front
};

void add_block(const model::ExecutionBatch& batch, const CommentsRequest& request, Newest& newest) {
  const model::FieldCodes comments = model::encode_field(batch, model::kCommentKey);
  if (comments.values.size() == 1) return;  // none but the absent one
  for (const std::uint32_t row : model::select_rows(batch, request.filters)) {
    const std::string_view text = comments.values[comments.codes[row]];
    const TimeMs time = batch.time_ms[row];
    if (text.empty() || time < request.from_ms || time >= request.to_ms) continue;
    if (!newest.open_to(time)) {
      newest.leave_out();
      continue;
    }
    newest.add({time, std::string(text), batch.number(model::Number::rating, row),
                batch.number(model::Number::sentiment, row)});
  }
}

Status read_comments(const Reading& reading, const CommentsRequest& request, Newest& newest) {
  events::ScanRequest scan;
  scan.from_ms = request.from_ms;
  scan.to_ms = request.to_ms;
  scan.columns.attributes = true;
  scan.columns.add(model::Number::rating);
  scan.columns.add(model::Number::sentiment);
  for (const model::Filter& filter : request.filters) {
    model::require_field(filter.field, scan.columns);
  }
  auto blocks = reading.log.blocks(scan);
  if (!blocks) return blocks.error();
  std::sort(blocks->begin(), blocks->end(),
            [](const auto& a, const auto& b) { return a.max_ms > b.max_ms; });
  for (const events::LogView::BlockInfo& info : *blocks) {
    if (!newest.open_to(info.max_ms)) {
      newest.leave_out();  // as it may have some
      break;
    }
    if (Status status = reading.deadline.check(); !status) return status;
    const Result<events::Block> block = reading.log.read(info.first, scan.columns);
    if (!block && block.error().code == Errc::unavailable) continue;  // dropped meanwhile
    if (!block) return block.error();
    add_block(block->rows, request, newest);
  }
  return {};
}

/// Leaves out the oldest where their texts are too much.
void cut(std::size_t bytes_max, CommentsAnswer& answer) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < answer.comments.size(); ++i) {
    bytes += answer.comments[i].text.size();
    if (i == 0 || bytes <= bytes_max) continue;
    answer.comments.resize(i);
    answer.older_left_out = true;
    return;
  }
}

Result<CommentsAnswer> answer_now(const CommentsRequest& request, const Reading& reading) {
  Newest newest(request.comments_max);
  if (Status read = read_comments(reading, request, newest); !read) return std::move(read).error();
  CommentsAnswer answer;
  answer.older_left_out = newest.has_left_out();
  answer.comments = std::move(newest).sorted();
  cut(request.bytes_max, answer);
  return answer;
}

}  // namespace

Result<CommentsAnswer> answer_comments(const Sources& sources, const CommentsRequest& request) {
  return answer_from_log(sources, request, {},
                         [&](const Reading& reading, TimeMs from_ms, TimeMs to_ms) {
                           CommentsRequest within = request;
                           within.from_ms = from_ms;
                           within.to_ms = to_ms;
                           return answer_now(within, reading);
                         });
}

}  // namespace vitals::query
