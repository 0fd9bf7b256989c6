#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>

namespace vitals::sketch {

/// Estimated number of distinct hashes, standard error ≤ 2 %: HyperLogLog with 4,096 registers
/// (Flajolet et al. 2007; estimator of Ertl 2017), a sorted list of hashes while they are few (then
/// exact). Mergeable. A plain value.
class Distinct {
 public:
  void add(std::uint64_t hash);
  void merge(const Distinct& other);
  double estimate() const;

  void encode(std::string& out) const;
  static Result<Distinct> decode(std::string_view& in);

  bool operator==(const Distinct&) const = default;

 private:
  std::vector<std::uint64_t> few_;       ///< sorted, unique, while registers_ is empty
  std::vector<std::uint8_t> registers_;  ///< 4,096 once there are many
};

}  // namespace vitals::sketch
