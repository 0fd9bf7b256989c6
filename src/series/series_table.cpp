#include "series_table.h"

#include <limits>

#include <vitals/model/rows.h>
#include <vitals/store/keys.h>

#include "bytes.h"

namespace vitals::series {
namespace {

constexpr std::uint8_t kRowVersion = 1;

}  // namespace

SeriesTable::SeriesTable(store::Table table, std::vector<std::string> dimensions,
                         std::uint32_t series_max)
    : table_(table),
      series_max_(series_max),
      index_(std::make_shared<const SeriesIndex>(std::move(dimensions))) {}

Status SeriesTable::load(const store::Snapshot& snapshot) {
  const Error damaged{Errc::corruption, "the table of series is damaged"};
  auto index = std::make_shared<SeriesIndex>(index_->dimensions());
  std::vector<std::string_view> values(index->dimensions().size());
  const auto cursor = snapshot.scan(table_, {}, {});
  for (; cursor->valid(); cursor->next()) {
    if (cursor->key().size() != 4 || store::get_u32(cursor->key()) != index->size()) return damaged;
    ByteReader in(cursor->value());
    if (in.byte() != kRowVersion) return damaged;
    while (in.ok() && !in.at_end()) {
      key_.clear();
      for (std::string_view& value : values) {
        value = in.text();
        put_text(key_, value);
      }
      if (in.ok()) ids_.emplace(key_, index->add(values));
    }
    if (!in.ok()) return damaged;
  }
  saved_ = index->size();
  index_ = std::move(index);
  return cursor->status();
}

std::vector<SeriesId> SeriesTable::assign(const model::ExecutionBatch& batch) {
  const std::size_t dimensions = index_->dimensions().size();
  std::vector<model::FieldCodes> fields;
  std::uint64_t combinations = 1;
  bool countable = true;  // a combination of codes fits one number
  for (const std::string& dimension : index_->dimensions()) {
    fields.push_back(model::encode_field(batch, dimension));
    const std::uint64_t values = fields.back().values.size();
    countable = countable && combinations <= std::numeric_limits<std::uint64_t>::max() / values;
    combinations *= values;
  }

  std::vector<SeriesId> ids(batch.rows());
  std::unordered_map<std::uint64_t, SeriesId> known;
  std::vector<std::string_view> values(dimensions);
  std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  for (std::size_t row = 0; row < ids.size(); ++row) {
    std::uint64_t combination = 0;
    for (const model::FieldCodes& field : fields) {
      combination = combination * field.values.size() + field.codes[row];
    }
    if (countable && combination == last && row > 0) {
      ids[row] = ids[row - 1];
      continue;
    }
    last = combination;
    if (countable) {
      const auto found = known.find(combination);
      if (found != known.end()) {
        ids[row] = found->second;
        continue;
      }
    }
    for (std::size_t d = 0; d < dimensions; ++d) values[d] = fields[d].values[fields[d].codes[row]];
    ids[row] = find_or_add(values);
    if (countable) known.emplace(combination, ids[row]);
  }
  if (growing_ != nullptr) index_ = std::move(growing_);
  return ids;
}

SeriesId SeriesTable::find_or_add(const std::vector<std::string_view>& values) {
  key_.clear();
  for (const std::string_view value : values) put_text(key_, value);
  const auto found = ids_.find(key_);
  if (found != ids_.end()) return found->second;
  if (ids_.size() >= series_max_) return kOverflowSeries;
  if (growing_ == nullptr) growing_ = std::make_shared<SeriesIndex>(*index_);
  const SeriesId id = growing_->add(values);
  ids_.emplace(key_, id);
  return id;
}

void SeriesTable::save(store::WriteBatch& changes) const {
  if (saved_ == index_->size()) return;
  std::string key;
  store::put_u32(key, static_cast<std::uint32_t>(saved_));
  std::string value(1, static_cast<char>(kRowVersion));
  for (std::size_t id = saved_; id < index_->size(); ++id) {
    for (std::size_t d = 0; d < index_->dimensions().size(); ++d) {
      put_text(value, index_->label(static_cast<SeriesId>(id), d));
    }
  }
  changes.put(table_, key, value);
}

}  // namespace vitals::series
