#include "moments.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <tuple>

#include <vitals/base/hash.h>
#include <vitals/model/rows.h>
#include <vitals/model/signal.h>

namespace vitals::query {
namespace {

/// In a range that a time may be moved by: durations are whatever runners say.
constexpr double kLongestMs = 1e12;

TimeMs beginning_of(const model::ExecutionBatch& batch, std::uint32_t row) {
  const double duration_ms = batch.number(model::Number::duration_ms, row);
  if (!(duration_ms > 0)) return batch.time_ms[row];  // nor where it is absent
  return batch.time_ms[row] - std::llround(std::min(duration_ms, kLongestMs));
}

class MomentReader {
 public:
  explicit MomentReader(const JourneysRequest& request) : request_(request) {}

  void add(const events::Block& block, std::span<const std::uint32_t> rows) {
    const model::ExecutionBatch& batch = block.rows;
    std::vector<model::FieldCodes> fields;
    fields.reserve(request_.group_by.size());
    for (const std::string& name : request_.group_by) {
      fields.push_back(model::encode_field(batch, name));
    }
    std::vector<bool> wanted(batch.rows());
    for (const std::uint32_t row : model::select_rows(batch, request_.filters)) wanted[row] = true;
    for (const std::uint32_t row : rows) {
      const model::RowKind kind = batch.kind(row);
      if (model::is_opinion(kind)) continue;
      const bool execution = kind == model::RowKind::execution;
      const std::string_view session = batch[model::Label::session].at(row);
      if (session.empty()) {
        moments_.without_session += execution && wanted[row] ? 1 : 0;
        continue;
      }
      Moment moment = execution ? execution_at(batch, row, fields) : interaction_at(batch, row);
      moment.session = moments_.sessions.code(session);
      moment.time_ms = batch.time_ms[row];
      moment.wanted = execution && wanted[row];
      moments_.all.push_back(moment);
    }
  }

  std::size_t size() const { return moments_.all.size(); }

  Moments finish() && {
    std::sort(moments_.all.begin(), moments_.all.end(), [](const Moment& a, const Moment& b) {
      // What was done at the moment of an execution was done after it, and where one of those that
      // ended at once succeeded, the session goes on from that.
      return std::tuple(a.session, a.time_ms, !a.is_execution(), !a.failed, a.id) <
             std::tuple(b.session, b.time_ms, !b.is_execution(), !b.failed, b.id);
    });
    return std::move(moments_);
  }

 private:
  Moment execution_at(const model::ExecutionBatch& batch, std::uint32_t row,
                      const std::vector<model::FieldCodes>& fields) {
    std::string segment;
    for (const model::FieldCodes& field : fields) {
      segment.append(field.values[field.codes[row]]).push_back('\0');
    }
    Moment moment;
    moment.prompt = moments_.prompts.code(batch[model::Label::prompt].at(row));
    moment.segment = moments_.segments.code(segment);
    moment.began_ms = beginning_of(batch, row);
    moment.id = hash64(batch.ids.at(row));
    moment.failed = batch.outcome_at(row).success == model::Tri::no;
    return moment;
  }

  Moment interaction_at(const model::ExecutionBatch& batch, std::uint32_t row) {
    Moment moment;
    moment.action = moments_.actions.code(batch.attributes.value(row, model::kActionKey));
    moment.id = model::execution_hash_of(batch.ids.at(row));
    return moment;
  }

  const JourneysRequest& request_;
  Moments moments_;
};

}  // namespace

TextCode Texts::code(std::string_view text) {
  const auto [at, fresh] = codes_.emplace(text, static_cast<TextCode>(texts_.size()));
  if (fresh) texts_.push_back(at->first);
  return at->second;
}

Result<Moments> read_moments(const Reading& reading, const JourneysRequest& request) {
  events::ScanRequest scan;
  scan.from_ms = request.from_ms;
  scan.to_ms = request.to_ms;
  for (const model::Filter& filter : request.filters) {
    model::require_field(filter.field, scan.columns);
  }
  scan.columns.ids = true;
  scan.columns.add(model::Label::session);
  scan.columns.add(model::Label::prompt);
  scan.columns.add(model::Number::duration_ms);
  scan.columns.outcome = true;
  scan.columns.attributes = true;
  scan.interactions = true;
  for (const std::string& field : request.group_by) model::require_field(field, scan.columns);
  MomentReader reader(request);
  const auto add = [&](const events::Block& block, std::span<const std::uint32_t> rows) -> Status {
    reader.add(block, rows);
    if (reader.size() > kJourneyRowsMax) {
      return Error{Errc::unprocessable, "more than " + std::to_string(kJourneyRowsMax) +
                                            " executions and interactions: ask for a shorter time"};
    }
    return reading.deadline.check();
  };
  if (Status read = reading.log.visit(scan, add); !read) return std::move(read).error();
  return std::move(reader).finish();
}

}  // namespace vitals::query
