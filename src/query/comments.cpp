#include "comments.h"

#include <algorithm>
#include <utility>

#include <vitals/model/rows.h>
#include <vitals/model/signal.h>

#include "log_answer.h"
#include "newest.h"

namespace vitals::query {
namespace {

bool is_newer(const KeptComment& a, const KeptComment& b) { return a.time_ms > b.time_ms; }
TimeMs comment_time(const KeptComment& comment) { return comment.time_ms; }

/// The newest comments, and whether there were more.
struct Found {
  explicit Found(std::size_t limit) : newest(limit) {}

  Newest<KeptComment, is_newer, comment_time> newest;
  bool left_out = false;
};

void add_block(const model::ExecutionBatch& batch, const CommentsRequest& request, Found& found) {
  const model::FieldCodes comments = model::encode_field(batch, model::kCommentKey);
  if (comments.values.size() == 1) return;  // none but the absent one
  for (const std::uint32_t row : model::select_rows(batch, request.filters)) {
    const std::string_view text = comments.values[comments.codes[row]];
    const TimeMs time = batch.time_ms[row];
    if (text.empty() || time < request.from_ms || time >= request.to_ms) continue;
    if (found.newest.closed_to(time)) {
      found.left_out = true;
      continue;
    }
    found.left_out |=
        found.newest.offer({time, std::string(text), batch.number(model::Number::rating, row),
                            batch.number(model::Number::sentiment, row)});
  }
}

Status read_comments(const Reading& reading, const CommentsRequest& request, Found& found) {
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
    if (found.newest.closed_to(info.max_ms)) {
      found.left_out = true;  // as it may have some
      break;
    }
    if (Status status = reading.deadline.check(); !status) return status;
    const Result<events::Block> block = reading.log.read(info.first, scan.columns);
    if (!block && block.error().code == Errc::unavailable) continue;  // dropped meanwhile
    if (!block) return block.error();
    add_block(block->rows, request, found);
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
  Found found(request.comments_max);
  if (Status read = read_comments(reading, request, found); !read) return std::move(read).error();
  CommentsAnswer answer;
  answer.older_left_out = found.left_out;
  answer.comments = std::move(found.newest).sorted();
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
