#include <algorithm>
#include <cmath>

#include "block_codec.h"
#include "block_layout.h"
#include "numbers.h"
#include "symbols.h"
#include "texts.h"

namespace vitals::events {

struct BlockEncoder::State {
  StreamWriter streams;
  IntegerWriter integers;
  NumberWriter numbers;
  TextWriter texts;
  SymbolWriter symbols;
  std::vector<std::uint64_t> whole;
  std::vector<std::string_view> views;
  std::string payload;
  std::vector<std::pair<std::uint8_t, std::size_t>> ends;  // of sections in payload, by tag
  std::array<std::size_t, 256> section_bytes{};

  void close_section(std::uint8_t tag) { ends.emplace_back(tag, payload.size()); }
  void write_times(const BlockSource& source);
  void write_positions(const BlockSource& source);
  bool write_ids(const BlockSource& source);
  void write_outcome(const BlockSource& source);
  bool write_attributes(const BlockSource& source);
  bool write_kinds(const BlockSource& source);
  bool write_labels(const BlockSource& source, NameGiver* names);
  void write_numbers(const BlockSource& source);
};

namespace {

template <class T>
std::span<const T> rows_of(const std::vector<T>& column, const BlockSource& source) {
  return std::span(column).subspan(source.begin, source.end - source.begin);
}

}  // namespace

BlockEncoder::BlockEncoder() : state_(std::make_unique<State>()) {}
BlockEncoder::~BlockEncoder() = default;

const std::array<std::size_t, 256>& BlockEncoder::section_bytes() const {
  return state_->section_bytes;
}

void BlockEncoder::State::write_times(const BlockSource& source) {
  whole.clear();
  for (const TimeMs time : rows_of(source.batch.time_ms, source)) {
    whole.push_back(static_cast<std::uint64_t>(time));
  }
  integers.write(whole, streams, payload);
  close_section(kTimeTag);
}

void BlockEncoder::State::write_positions(const BlockSource& source) {
  if (source.positions.empty()) return;
  integers.write(source.positions, streams, payload);
  close_section(kPositionsTag);
}

bool BlockEncoder::State::write_ids(const BlockSource& source) {
  if (source.batch.ids.size() == 0) return true;
  views.clear();
  for (std::size_t row = source.begin; row < source.end; ++row) {
    views.push_back(source.batch.ids.at(row));
  }
  if (!texts.write(views, integers, streams, payload)) return false;
  close_section(kIdsTag);
  return true;
}

void BlockEncoder::State::write_outcome(const BlockSource& source) {
  if (source.batch.outcome.empty()) return;
  const auto outcomes = rows_of(source.batch.outcome, source);
  whole.assign(outcomes.begin(), outcomes.end());
  integers.write(whole, streams, payload);
  close_section(kOutcomeTag);
}

bool BlockEncoder::State::write_attributes(const BlockSource& source) {
  const model::AttributeColumn& lists = source.batch.attributes;
  if (lists.ends.empty()) return true;
  const std::uint32_t begin = source.begin == 0 ? 0 : lists.ends[source.begin - 1];
  const std::uint32_t end = lists.ends[source.end - 1];
  if (begin == end) return true;
  if (!symbols.write_lists(lists.pairs, std::span(lists.codes).subspan(begin, end - begin),
                           rows_of(lists.ends, source), begin, texts, integers, streams, payload)) {
    return false;
  }
  close_section(kAttributesTag);
  return true;
}

/// Whether there is a row that is no execution.
bool BlockEncoder::State::write_kinds(const BlockSource& source) {
  if (source.batch.kinds.empty()) return false;
  whole.clear();
  for (const model::RowKind kind : rows_of(source.batch.kinds, source)) {
    whole.push_back(static_cast<std::uint64_t>(kind));
  }
  if (std::all_of(whole.begin(), whole.end(), [](std::uint64_t kind) { return kind == 0; })) {
    return false;
  }
  integers.write(whole, streams, payload);
  close_section(kKindsTag);
  return true;
}

bool BlockEncoder::State::write_labels(const BlockSource& source, NameGiver* names) {
  for (std::size_t i = 0; i < model::kLabelCount; ++i) {
    const model::SymbolColumn& column = source.batch.labels[i];
    if (column.codes.empty()) continue;
    const auto codes = rows_of(column.codes, source);
    if (std::all_of(codes.begin(), codes.end(), [](std::uint32_t code) { return code == 0; })) {
      continue;
    }
    const NameNumbering numbering{names, static_cast<model::Label>(i)};
    const bool named = names != nullptr && has_names(numbering.field);
    if (!symbols.write(column.dictionary, codes, named ? &numbering : nullptr, texts, integers,
                       streams, payload)) {
      return false;
    }
    close_section(static_cast<std::uint8_t>(kLabelTag + i));
  }
  return true;
}

void BlockEncoder::State::write_numbers(const BlockSource& source) {
  for (std::size_t i = 0; i < model::kNumberCount; ++i) {
    const std::vector<double>& column = source.batch.numbers[i];
    if (column.empty()) continue;
    const auto values = rows_of(column, source);
    if (std::all_of(values.begin(), values.end(), [](double v) { return std::isnan(v); })) {
      continue;
    }
    numbers.write(values, integers, streams, payload);
    close_section(static_cast<std::uint8_t>(kNumberTag + i));
  }
}

Result<std::string> BlockEncoder::encode(const BlockSource& source, NameGiver* names) {
  const std::size_t rows = source.end - source.begin;
  if (rows == 0 || rows > kBlockRowsMax) {
    return Error{Errc::invalid_argument, "events: a block of " + std::to_string(rows) + " rows"};
  }
  State& state = *state_;
  state.payload.clear();
  state.ends.clear();
  state.section_bytes = {};
  state.write_times(source);
  state.write_positions(source);
  state.write_outcome(source);
  const Error too_long{Errc::invalid_argument, "events: more text than one block can hold"};
  if (!state.write_ids(source) || !state.write_attributes(source)) return too_long;
  const bool has_kinds = state.write_kinds(source);
  if (!state.write_labels(source, names)) return too_long;
  state.write_numbers(source);

  BlockLayout layout;
  if (has_kinds) layout.version = kVersionWithKinds;
  layout.first = source.first;
  layout.rows = rows;
  const auto times = rows_of(source.batch.time_ms, source);
  const auto [min, max] = std::minmax_element(times.begin(), times.end());
  layout.min_ms = *min;
  layout.max_ms = *max;
  layout.arrival_ms = source.arrival_ms;
  std::size_t begin = 0;
  for (const auto& [tag, end] : state.ends) {
    const auto bytes = std::string_view(state.payload).substr(begin, end - begin);
    layout.sections.push_back({tag, bytes, 0});
    state.section_bytes[tag] = bytes.size();
    begin = end;
  }
  return layout.write();
}

}  // namespace vitals::events
