#include <vitals/store/store.h>

namespace vitals::store {

void WriteBatch::put(Table table, std::string_view key, std::string_view value) {
  changes_.push_back({Change::Kind::put, table, std::string(key), std::string(value)});
}

void WriteBatch::erase(Table table, std::string_view key) {
  changes_.push_back({Change::Kind::erase, table, std::string(key), {}});
}

void WriteBatch::erase_range(Table table, std::string_view begin, std::string_view end) {
  changes_.push_back({Change::Kind::erase_range, table, std::string(begin), std::string(end)});
}

}  // namespace vitals::store
