#include <map>
#include <random>

#include <catch2/catch.hpp>

#include <vitals/model/partition.h>

using vitals::model::Partition;

TEST_CASE("rows that nothing divides are one part, no rows are none") {
  Partition one({3, 5, 9});
  one.split({}, 1);
  const auto parts = one.parts();
  REQUIRE(parts.size() == 1);
  CHECK(std::vector<std::uint32_t>(parts[0].begin(), parts[0].end()) ==
        std::vector<std::uint32_t>{3, 5, 9});

  Partition none({});
  const std::vector<std::uint32_t> codes{1, 2};
  none.split(codes, 3);
  CHECK(none.parts().empty());
}

TEST_CASE("parts agree in all columns and keep the order of rows") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (const std::size_t code_count : {2U, 40U, 5000U}) {  // the last takes the hash map
    std::vector<std::uint32_t> rows;
    std::vector<std::vector<std::uint32_t>> columns(3);
    for (std::uint32_t row = 0; row < 4000; ++row) {
      if (random() % 4 != 0) rows.push_back(row);
      for (auto& column : columns)
        column.push_back(static_cast<std::uint32_t>(random() % code_count));
    }
    std::map<std::vector<std::uint32_t>, std::vector<std::uint32_t>> expected;
    for (const std::uint32_t row : rows) {
      expected[{columns[0][row], columns[1][row], columns[2][row]}].push_back(row);
    }
    Partition partition(rows);
    for (const auto& column : columns) partition.split(column, code_count);
    const auto parts = partition.parts();
    CHECK(parts.size() == expected.size());
    for (const auto& part : parts) {
      REQUIRE_FALSE(part.empty());
      const std::uint32_t row = part.front();
      const auto& same = expected[{columns[0][row], columns[1][row], columns[2][row]}];
      REQUIRE(std::vector<std::uint32_t>(part.begin(), part.end()) == same);
    }
  }
}
