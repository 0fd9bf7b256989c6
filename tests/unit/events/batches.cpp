#include "batches.h"

#include <bit>
#include <cmath>
#include <limits>

namespace vitals::test {
namespace {

using model::kAbsent;

std::string text_of(std::mt19937_64& random, std::uint64_t kind) {
  switch (kind % 4) {
    case 0:
      return {};
    case 1:
      return "value-" + std::to_string(random() % 5);
    case 2:
      return std::string(random() % 40, static_cast<char>(random()));
    default: {
      std::string digits;
      for (int i = 0; i < 16; ++i) digits += "0123456789abcdef"[random() % 16];
      return digits;
    }
  }
}

double number_of(std::mt19937_64& random, std::uint64_t kind) {
  const auto whole = static_cast<double>(random() % 2'000'000) - 1'000'000;
  switch (kind % 8) {
    case 0:
      return whole;
    case 1:
      return whole / 10;
    case 2:
      return whole / 1'000'000;
    case 3:
      return std::bit_cast<double>(random() & ~(0x7ffULL << 52U));  // subnormal
    case 4:
      return -0.0;
    case 5:
      return random() % 2 == 0 ? std::numeric_limits<double>::infinity() : 9'007'199'254'740'992.0;
    case 6:
      return std::sqrt(static_cast<double>(random() % 1000));
    default:
      return 42;
  }
}

}  // namespace

std::string describe(const model::ExecutionBatch& batch, std::size_t row) {
  std::string text = std::to_string(batch.time_ms[row]) + "|" + std::string(batch.ids.at(row)) +
                     "|" + std::to_string(batch.outcome[row]) + "|" +
                     std::to_string(static_cast<int>(batch.kind(row)));
  for (const model::SymbolColumn& label : batch.labels) {
    text += "|";
    text += label.at(row);
  }
  for (std::size_t i = 0; i < model::kNumberCount; ++i) {
    const double number = batch.number(static_cast<model::Number>(i), row);
    text += "|";
    if (!std::isnan(number)) text += std::to_string(std::bit_cast<std::uint64_t>(number));
  }
  for (const std::uint32_t pair : batch.attributes.at(row)) {
    text += "|";
    text += batch.attributes.pairs.at(pair);
  }
  return text;
}

model::ExecutionBatch random_batch(std::mt19937_64& random, const std::vector<std::string>& ids,
                                   TimeMs around_ms) {
  model::ExecutionBatch batch;
  const std::size_t rows = ids.size();
  const auto spread = static_cast<std::int64_t>(1ULL << random() % 34U);
  for (const std::string& id : ids) {
    batch.ids.push_back(id);
    batch.time_ms.push_back(around_ms - static_cast<TimeMs>(random()) % spread);
    model::Outcome outcome;
    outcome.success = static_cast<model::Tri>(random() % 3);
    outcome.degraded = static_cast<model::Tri>(random() % 3);
    batch.outcome.push_back(outcome.packed());
  }
  for (model::SymbolColumn& label : batch.labels) {
    if (random() % 3 == 0) continue;
    const std::uint64_t kind = random();
    for (std::size_t row = 0; row < rows; ++row) {
      label.codes.push_back(
          label.dictionary.intern(text_of(random, kind % 2 == 0 ? kind : random())));
    }
  }
  for (std::vector<double>& column : batch.numbers) {
    if (random() % 3 == 0) continue;
    const std::uint64_t kind = random(), present = random() % 3;
    for (std::size_t row = 0; row < rows; ++row) {
      const bool absent = present == 0 ? random() % 2 == 0 : present == 1 && row % 7 == 0;
      column.push_back(absent ? kAbsent : number_of(random, kind % 3 == 0 ? random() : kind));
    }
  }
  const std::uint64_t lists = random() % 3;
  for (std::size_t row = 0; lists != 0 && row < rows; ++row) {
    for (std::uint64_t i = lists == 1 ? random() % 4 : 2; i > 0; --i) {
      const std::string pair = "tags." + std::to_string(i) + '\0' + text_of(random, random());
      batch.attributes.codes.push_back(batch.attributes.pairs.intern(pair));
    }
    batch.attributes.ends.push_back(static_cast<std::uint32_t>(batch.attributes.codes.size()));
  }
  if (random() % 4 == 0) {
    for (std::size_t row = 0; row < rows; ++row) {
      batch.kinds.push_back(random() % 3 == 0 ? model::RowKind::execution
                                              : static_cast<model::RowKind>(random() % 3));
    }
  }
  return batch;
}

}  // namespace vitals::test
