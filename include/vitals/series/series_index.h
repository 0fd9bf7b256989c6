#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vitals::series {

using SeriesId = std::uint32_t;
/// Takes every execution whose label combination is new once the limit is reached.
inline constexpr SeriesId kOverflowSeries = 0;

/// Which label values each series stands for. Immutable; a later index holds all of an earlier one,
/// so an index taken after a snapshot names every series in it.
class SeriesIndex {
 public:
  explicit SeriesIndex(std::vector<std::string> dimensions) : dimensions_(std::move(dimensions)) {}

  const std::vector<std::string>& dimensions() const { return dimensions_; }
  /// Series known, the overflow series included; ids are 0…size()-1.
  std::size_t size() const { return ends_.size() / dimensions_.size() + 1; }
  /// Value of dimension `d` (index in dimensions()); "" is absent, and all of the overflow series.
  std::string_view label(SeriesId id, std::size_t d) const;
  /// The next id. `values` in the order of dimensions().
  SeriesId add(const std::vector<std::string_view>& values);

 private:
  std::vector<std::string> dimensions_;
  std::string bytes_;
  std::vector<std::uint32_t> ends_;
};

}  // namespace vitals::series
