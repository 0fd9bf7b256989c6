#include <vitals/series/series_index.h>

namespace vitals::series {

std::string_view SeriesIndex::label(SeriesId id, std::size_t d) const {
  if (id == kOverflowSeries) return {};
  const std::size_t at = (id - 1) * dimensions_.size() + d;
  const std::uint32_t begin = at == 0 ? 0 : ends_[at - 1];
  return std::string_view(bytes_).substr(begin, ends_[at] - begin);
}

SeriesId SeriesIndex::add(const std::vector<std::string_view>& values) {
  const auto id = static_cast<SeriesId>(size());
  for (const std::string_view value : values) {
    bytes_.append(value);
    ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  }
  return id;
}

}  // namespace vitals::series
