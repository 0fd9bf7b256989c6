#include <numeric>

#include <vitals/model/rows.h>
#include <vitals/model/signal.h>

namespace vitals::model {
namespace {

FieldCodes encode_status(const ExecutionBatch& batch) {
  FieldCodes field;
  field.values = {"", "error", "success"};  // in the order of Tri
  field.codes.reserve(batch.rows());
  for (const std::uint8_t packed : batch.outcome) {
    field.codes.push_back(static_cast<std::uint32_t>(Outcome::unpack(packed).success));
  }
  return field;
}

FieldCodes encode_ids(const ExecutionBatch& batch) {
  FieldCodes field;
  field.values = {""};
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    // Who asks for an execution by id means also what was said of it.
    field.values.push_back(execution_id_of(batch.ids.at(row)));
    field.codes.push_back(static_cast<std::uint32_t>(row + 1));
  }
  return field;
}

FieldCodes encode_label(const ExecutionBatch& batch, Label label) {
  FieldCodes field;
  const SymbolColumn& column = batch[label];
  for (std::uint32_t code = 0; code <= column.dictionary.size(); ++code) {
    field.values.push_back(column.dictionary.at(code));
  }
  field.codes = column.codes;
  field.codes.resize(batch.rows(), Dictionary::kAbsentCode);
  return field;
}

FieldCodes encode_attribute(const ExecutionBatch& batch, std::string_view key) {
  FieldCodes field;
  const AttributeColumn& column = batch.attributes;
  field.values = {""};
  // Every pair's code in this field: 0 for pairs of other keys.
  std::vector<std::uint32_t> code_of_pair(column.pairs.size() + 1, 0);
  for (std::uint32_t pair = 1; pair <= column.pairs.size(); ++pair) {
    const std::string_view text = column.pairs.at(pair);
    if (AttributeColumn::key_of(text) != key) continue;
    code_of_pair[pair] = static_cast<std::uint32_t>(field.values.size());
    field.values.push_back(AttributeColumn::value_of(text));
  }
  field.codes.assign(batch.rows(), 0);
  if (field.values.size() == 1) return field;
  std::uint32_t at = 0;
  for (std::size_t row = 0; row < column.ends.size(); ++row) {
    std::uint32_t code = 0;
    for (; at < column.ends[row]; ++at) {
      const std::uint32_t next = code_of_pair[column.codes[at]];
      code = next != 0 ? next : code;
    }
    field.codes[row] = code;
  }
  return field;
}

}  // namespace

void require_field(std::string_view field, ColumnSet& columns) {
  if (const auto label = find_label(field)) {
    columns.add(*label);
  } else if (field == "id") {
    columns.ids = true;
  } else if (field == "status") {
    columns.outcome = true;
  } else {
    columns.attributes = true;
  }
}

FieldCodes encode_field(const ExecutionBatch& batch, std::string_view field) {
  if (const auto label = find_label(field)) return encode_label(batch, *label);
  if (field == "id") return encode_ids(batch);
  if (field == "status") return encode_status(batch);
  return encode_attribute(batch, field);
}

std::vector<std::uint32_t> select_rows(const ExecutionBatch& batch,
                                       const std::vector<Filter>& filters) {
  std::vector<std::uint32_t> rows(batch.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  for (const Filter& filter : filters) {
    const FieldCodes field = encode_field(batch, filter.field);
    std::vector<std::uint8_t> passes(field.values.size());
    for (std::size_t code = 0; code < passes.size(); ++code) {
      passes[code] = filter.matches(field.values[code]) ? 1 : 0;
    }
    std::size_t kept = 0;
    for (const std::uint32_t row : rows) {  // without a jump that nobody can foretell
      rows[kept] = row;
      kept += passes[field.codes[row]];
    }
    rows.resize(kept);
  }
  return rows;
}

}  // namespace vitals::model
