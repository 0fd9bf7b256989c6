#include "cell_builder.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <span>

namespace vitals::series {
namespace {

using metrics::Measure;
using model::Label;
using model::Outcome;
using model::Tri;

/// Of one chunk.
constexpr std::size_t kCellsMax = 32'768;
constexpr std::size_t kRowsMax = 65'536;

/// The rows of one cell.
struct Group {
  SeriesId series;
  std::uint32_t begin, end;
  TimeMs bucket;

  std::uint32_t rows() const { return end - begin; }
};
using Groups = std::span<const Group>;
using GroupsOfSpans = std::map<Span, std::vector<Group>>;

/// Finds the cells of one resolution that are worth writing.
void group(const SortedEvents& events, Resolution resolution, const CellPlan& plan,
           GroupsOfSpans& spans) {
  const DurationMs length = length_ms(resolution);
  const TimeMs oldest = plan.oldest[static_cast<std::size_t>(resolution)];
  const auto wanted = [&](TimeMs bucket) {
    if (resolution == Resolution::minute) return bucket >= oldest;
    const bool open = contains(plan.open_days, bucket_start(bucket, length_ms(Resolution::day)));
    return resolution == Resolution::hour ? open || bucket >= oldest : !open && bucket >= oldest;
  };
  const auto rows = static_cast<std::uint32_t>(events.series.size());
  auto target = spans.end();
  for (std::uint32_t begin = 0, end = 0; begin < rows; begin = end) {
    const SeriesId series = events.series[begin];
    const TimeMs bucket = bucket_start(events.minute[begin], length);
    end = begin + 1;
    while (end < rows && events.series[end] == series && events.minute[end] < bucket + length) {
      ++end;
    }
    if (!wanted(bucket)) continue;
    const Span span{resolution, bucket_start(bucket, span_ms(resolution))};
    if (target == spans.end() || target->first != span) target = spans.try_emplace(span).first;
    target->second.push_back({series, begin, end, bucket});
  }
}

/// Writes the columns of chunks, each over all its cells before the next.
class ChunkBuilder {
 public:
  ChunkBuilder(const SortedEvents& events, const metrics::Options& options)
      : events_(events.columns),
        measured_(events.columns, options),
        users_(tokens_of(measured_.user_hashes())),
        sessions_(tokens_of(measured_.session_hashes())) {
    for (std::size_t m = 0; m < metrics::kMeasureCount; ++m) {
      const std::vector<double>& column = measured_.column(static_cast<Measure>(m));
      gaps_[m] = std::any_of(column.begin(), column.end(), [](double v) { return std::isnan(v); });
    }
  }

  void build(Groups groups, Fullness fullness, ChunkEncoder& chunk) {
    executions_.clear();
    for (const Group& group : groups) {
      const metrics::Counts counts = counts_of(group);
      chunk.add_key(group.series, group.bucket, counts);
      executions_.push_back(counts.executions);
    }
    const std::uint32_t measures = needs_of(fullness).moments;
    for (std::size_t m = 0; m < metrics::kMeasureCount; ++m) {
      if (((measures >> m) & 1U) != 0) add_measure(m, groups, fullness, chunk);
    }
    if (fullness == Fullness::thin) return;
    add_distinct(events_[Label::user].codes, users_, groups, chunk.users());
    add_distinct(events_[Label::session].codes, sessions_, groups, chunk.sessions());
    add_error_types(groups, chunk.error_types());
  }

 private:
  static std::vector<std::uint32_t> tokens_of(const std::vector<std::uint64_t>& hashes) {
    std::vector<std::uint32_t> tokens(hashes.size());
    std::transform(hashes.begin(), hashes.end(), tokens.begin(), sketch::Distinct::token);
    return tokens;
  }

  metrics::Counts counts_of(const Group& group) const {
    metrics::Counts counts;
    if (!events_.kinds.empty()) {
      for (std::uint32_t row = group.begin; row < group.end; ++row) {
        if (!events_.is_execution(row)) continue;
        counts.add(events_.outcome.empty() ? Outcome() : events_.outcome_at(row));
      }
      return counts;
    }
    if (events_.outcome.empty()) {
      counts.executions = group.rows();
      return counts;
    }
    const std::uint8_t plain = Outcome{Tri::yes}.packed();
    std::uint64_t plain_successes = 0;  // nearly all
    for (std::uint32_t row = group.begin; row < group.end; ++row) {
      if (events_.outcome[row] == plain) {
        ++plain_successes;
      } else {
        counts.add(events_.outcome_at(row));
      }
    }
    counts.executions += plain_successes;
    counts.successes += plain_successes;
    return counts;
  }

  void add_measure(std::size_t m, Groups groups, Fullness fullness, ChunkEncoder& chunk) {
    const std::vector<double>& column = measured_.column(static_cast<Measure>(m));
    if (column.empty()) return;
    MeasureColumnWriter& writer = chunk.measure(m);
    for (std::size_t cell = 0; cell < groups.size(); ++cell) {
      const Group& group = groups[cell];
      std::span<const double> values = std::span(column).subspan(group.begin, group.rows());
      if (gaps_[m]) {
        present_.clear();
        std::copy_if(values.begin(), values.end(), std::back_inserter(present_),
                     [](double v) { return !std::isnan(v); });
        values = present_;
      }
      writer.add(cell, executions_[cell], values, fullness == Fullness::full);
    }
  }

  void add_distinct(const std::vector<std::uint32_t>& codes,
                    const std::vector<std::uint32_t>& tokens, Groups groups,
                    DistinctColumnWriter& writer) {
    if (codes.empty()) return;
    for (std::size_t cell = 0; cell < groups.size(); ++cell) {
      tokens_.clear();
      for (std::uint32_t row = groups[cell].begin; row < groups[cell].end; ++row) {
        if (codes[row] == model::Dictionary::kAbsentCode || !events_.is_execution(row)) continue;
        tokens_.push_back(tokens[codes[row]]);
      }
      std::sort(tokens_.begin(), tokens_.end());
      tokens_.erase(std::unique(tokens_.begin(), tokens_.end()), tokens_.end());
      writer.add_tokens(cell, tokens_);
    }
  }

  void add_error_types(Groups groups, ErrorTypeColumnWriter& writer) const {
    const model::SymbolColumn& types = events_[Label::error_type];
    if (types.codes.empty() || events_.outcome.empty()) return;
    for (std::size_t cell = 0; cell < groups.size(); ++cell) {
      metrics::Cell counted;
      for (std::uint32_t row = groups[cell].begin; row < groups[cell].end; ++row) {
        if (types.codes[row] == model::Dictionary::kAbsentCode || !events_.is_execution(row)) {
          continue;
        }
        if (events_.outcome_at(row).success == Tri::no) counted.add_error_type(types.at(row), 1);
      }
      writer.add(cell, counted.error_types());
    }
  }

  const model::ExecutionBatch& events_;
  const metrics::MeasuredBatch measured_;
  const std::vector<std::uint32_t> users_, sessions_;  ///< tokens by code
  std::array<bool, metrics::kMeasureCount> gaps_{};    ///< some row of the column has no value
  std::vector<std::uint64_t> executions_;              ///< of each cell of the chunk at hand
  std::vector<double> present_;
  std::vector<std::uint32_t> tokens_;
};

/// As many groups as one chunk takes.
Groups first_chunk(Groups groups) {
  std::size_t cells = 0, rows = 0;
  while (cells < std::min(groups.size(), kCellsMax) && rows < kRowsMax) {
    rows += groups[cells++].rows();
  }
  return groups.first(cells);
}

}  // namespace

std::vector<NewChunk> build_cells(const SortedEvents& events, const CellPlan& plan,
                                  const RunLabel& label, ColumnWriter& writer) {
  GroupsOfSpans spans;
  for (const Resolution resolution : kResolutions) group(events, resolution, plan, spans);
  ChunkBuilder builder(events, plan.metrics);
  std::vector<NewChunk> chunks;
  for (const auto& [span, groups] : spans) {
    const bool minutes = span.resolution == Resolution::minute;
    ChunkEncoder encoder(span.resolution, minutes ? plan.minutes : Fullness::full);
    std::uint32_t part = 0;
    for (Groups left = groups; !left.empty();) {
      const Groups taken = first_chunk(left);
      builder.build(taken, encoder.summary().fullness, encoder);
      chunks.push_back(finish_chunk(span, part++, label, encoder, writer));
      left = left.subspan(taken.size());
    }
  }
  return chunks;
}

}  // namespace vitals::series
