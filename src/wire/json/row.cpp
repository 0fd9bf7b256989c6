#include "row.h"

#include <bit>

#include <vitals/base/short_text.h>

namespace vitals::wire::json {
namespace {

/// Ends of rows without pairs: those of the row before.
void fill_ends(model::AttributeColumn& attributes, std::size_t rows) {
  attributes.ends.resize(rows, static_cast<std::uint32_t>(attributes.codes.size()));
}

template <class Value>
void make_room(std::size_t rows, std::vector<Value>& column) {
  if (column.capacity() == 0) column.reserve(rows);
}

void append_label(std::string_view text, std::size_t row, std::size_t rows_expected,
                  model::SymbolColumn& column) {
  if (text.empty()) return;
  make_room(rows_expected, column.codes);
  column.codes.resize(row, model::Dictionary::kAbsentCode);
  // Neighbours often agree, and comparing costs less than hashing.
  const std::uint32_t before = row == 0 ? model::Dictionary::kAbsentCode : column.codes[row - 1];
  const bool same =
      before != model::Dictionary::kAbsentCode && equal_texts(column.dictionary.at(before), text);
  column.codes.push_back(same ? before : column.dictionary.intern(text));
}

}  // namespace

void Row::clear(TimeMs now_ms) {
  time_ms = now_ms;
  id = {};
  comment = {};
  error_message = {};
  outcome = {};
  labels.fill({});
  numbers_given = 0;
  pairs.clear();
  pair_ends.clear();
  seen = 0;
}

void set_flag(Flag flag, bool set, model::Outcome& outcome) {
  const model::Tri tri = set ? model::Tri::yes : model::Tri::no;
  switch (flag) {
    case Flag::detected:
      outcome.detected = tri;
      break;
    case Flag::recovered:
      outcome.recovered = tri;
      break;
    case Flag::degraded:
      outcome.degraded = tri;
      break;
  }
}

void append_row(const Row& row, std::string_view id, std::size_t rows_expected,
                model::ExecutionBatch& batch) {
  const std::size_t before = batch.rows();
  make_room(rows_expected, batch.time_ms);
  make_room(rows_expected, batch.ids.ends);
  make_room(rows_expected, batch.outcome);
  batch.time_ms.push_back(row.time_ms);
  batch.ids.push_back(id);
  batch.outcome.push_back(row.outcome.packed());
  for (std::size_t i = 0; i < model::kLabelCount; ++i) {
    append_label(row.labels[i], before, rows_expected, batch.labels[i]);
  }
  for (std::uint32_t left = row.numbers_given; left != 0; left &= left - 1) {
    const auto i = static_cast<std::size_t>(std::countr_zero(left));
    make_room(rows_expected, batch.numbers[i]);
    batch.numbers[i].resize(before, model::kAbsent);
    batch.numbers[i].push_back(row.numbers[i]);
  }
  if (row.pair_ends.empty()) return;
  make_room(rows_expected, batch.attributes.ends);
  make_room(rows_expected * row.pair_ends.size(), batch.attributes.codes);
  fill_ends(batch.attributes, before);
  for (std::size_t i = 0; i < row.pair_ends.size(); ++i) {
    batch.attributes.codes.push_back(batch.attributes.pairs.intern(row.pair(i)));
  }
  fill_ends(batch.attributes, before + 1);
}

void finish_columns(model::ExecutionBatch& batch) {
  const std::size_t rows = batch.rows();
  for (model::SymbolColumn& label : batch.labels) {
    if (!label.codes.empty()) label.codes.resize(rows, model::Dictionary::kAbsentCode);
  }
  for (std::vector<double>& number : batch.numbers) {
    if (!number.empty()) number.resize(rows, model::kAbsent);
  }
  if (!batch.attributes.ends.empty()) fill_ends(batch.attributes, rows);
}

}  // namespace vitals::wire::json
