#include "fields.h"

#include <set>

#include <vitals/model/fields.h>
#include <vitals/model/filter.h>
#include <vitals/model/rows.h>

#include "cell_reader.h"

namespace vitals::query {
namespace {

/// So many events at most are looked at, however much is kept.
constexpr std::uint64_t kNewestEvents = 1'000'000;

Result<events::Position> newest_events(const events::LogView& log) {
  const Result<events::Position> end = log.end();
  if (!end) return end.error();
  return *end > kNewestEvents ? *end - kNewestEvents : 0;
}

/// The smallest distinct texts, at most `limit`.
class Smallest {
 public:
  explicit Smallest(std::size_t limit) : limit_(limit) {}

  void offer(std::string_view text) {
    if (text.empty() || (texts_.size() == limit_ && !(text < *texts_.rbegin()))) return;
    if (texts_.find(text) != texts_.end()) return;
    texts_.emplace(text);
    if (texts_.size() > limit_) texts_.erase(std::prev(texts_.end()));
  }
  std::vector<std::string> list() const { return {texts_.begin(), texts_.end()}; }

 private:
  std::size_t limit_;
  std::set<std::string, std::less<>> texts_;
};

/// Only values that rows have: a dictionary may know more.
void offer_values(const model::ExecutionBatch& rows, std::string_view field, Smallest& values) {
  const model::FieldCodes codes = model::encode_field(rows, field);
  std::vector<bool> met(codes.values.size());
  for (const std::uint32_t code : codes.codes) met[code] = true;
  for (std::size_t code = 0; code < met.size(); ++code) {
    if (met[code]) values.offer(codes.values[code]);
  }
}

Status scan_values(const Reading& reading, std::string_view field, events::Position first,
                   Smallest& values) {
  events::ScanRequest request;
  request.first = first;
  model::require_field(field, request.columns);
  const auto scan = reading.log.scan(request);
  events::Block block;
  for (;;) {
    if (Status status = reading.deadline.check(); !status) return status;
    const Result<bool> more = scan->next(block);
    if (!more) return more.error();
    if (!*more) return {};
    offer_values(block.rows, field, values);
  }
}

}  // namespace

Result<std::vector<std::string>> list_fields(const Sources& sources) {
  const Reading reading(sources);
  const Result<events::Position> first = newest_events(reading.log);
  if (!first) return first.error();
  events::ScanRequest request;
  request.first = *first;
  request.columns.attributes = true;
  std::set<std::string, std::less<>> keys;
  const auto scan = reading.log.scan(request);
  events::Block block;
  for (;;) {
    if (Status status = reading.deadline.check(); !status) return status.error();
    const Result<bool> more = scan->next(block);
    if (!more) return more.error();
    if (!*more) break;
    const model::Dictionary& pairs = block.rows.attributes.pairs;
    for (std::uint32_t code = 1; code <= pairs.size(); ++code) {
      const std::string_view key = model::AttributeColumn::key_of(pairs.at(code));
      if (model::is_field(key) && keys.find(key) == keys.end()) keys.emplace(key);
    }
  }
  std::vector<std::string> fields;
  fields.reserve(model::kLabelCount + 1 + keys.size());
  for (const model::LabelField& field : model::kLabelFields) fields.emplace_back(field.name);
  fields.emplace_back("status");
  fields.insert(fields.end(), keys.begin(), keys.end());
  return fields;
}

Result<std::vector<std::string>> list_values(const Sources& sources, std::string_view field,
                                             std::uint32_t limit) {
  if (!model::is_field(field)) {
    return Error{Errc::invalid_argument, "unknown field '" + std::string(field) + "'"};
  }
  if (limit == 0 || limit > sources.options.groups_max) {
    return Error{Errc::invalid_argument,
                 "the limit is not within 1 and " + std::to_string(sources.options.groups_max)};
  }
  const Reading reading(sources);
  const series::SeriesIndex& index = reading.cells.index();
  Smallest values(limit);
  const Result<events::Position> newest = newest_events(reading.log);
  if (!newest) return newest.error();
  events::Position first = *newest;
  if (const auto d = dimension(index, field)) {
    for (series::SeriesId id = 1; id < index.size(); ++id) values.offer(index.label(id, *d));
    // Series beyond the limit have no labels: only raw events still name theirs.
    if (sources.rollups.stats().overflow_events == 0) {
      const Result<std::uint64_t> watermark = reading.cells.watermark();
      if (!watermark) return watermark.error();
      first = *watermark;
    }
  }
  if (Status status = scan_values(reading, field, first, values); !status) return status.error();
  return values.list();
}

}  // namespace vitals::query
