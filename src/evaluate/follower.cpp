#include "follower.h"

namespace vitals::evaluate {
namespace {

/// Evaluators are nobody's confidants.
model::ColumnSet shown_columns() {
  model::ColumnSet columns = model::ColumnSet::all();
  for (const model::Label hidden : {model::Label::user, model::Label::session}) {
    columns.labels &= ~(1U << model::index(hidden));
  }
  return columns;
}

}  // namespace

Status Follower::read(const Take& take) {
  events::ScanRequest request;
  request.first = position_;
  request.columns = shown_columns();
  request.filters = evaluator_.filters;
  const events::LogView view(parts_.log, parts_.store.snapshot());
  const auto end = view.end();
  if (!end) return end.error();
  const auto scan = view.scan(request);
  events::Block block;
  do {  // the rows that a block once had at its end may be gone
    const auto more = scan->next(block);
    if (!more) {
      if (Status passed = pass_over(view, request); !passed) return passed;
      return more.error();
    }
    if (!*more) {
      position_ = *end;
      return {};
    }
  } while (block.last < position_);
  for (const std::uint32_t row : events::rows_within(block, request)) {
    const bool asked =
        block.rows.is_execution(row) && is_sampled(block.rows.ids.at(row), evaluator_.sample);
    if (!asked || take(block, row)) continue;
    position_ = block.position(row);
    return {};
  }
  position_ = block.last + 1;
  return {};
}

Status Follower::pass_over(const events::LogView& view, const events::ScanRequest& request) {
  const auto blocks = view.blocks(request);
  if (!blocks) return blocks.error();
  const auto end = view.end();
  if (!end) return end.error();
  position_ = blocks->size() > 1 ? (*blocks)[1].first : *end;
  return {};
}

}  // namespace vitals::evaluate
