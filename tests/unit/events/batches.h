#pragma once

#include <random>
#include <string>

#include <vitals/model/batch.h>

namespace vitals::test {

/// A row with every kind of column as a comparable text, so that batches are compared by what they
/// mean: dictionary codes and empty columns do not matter.
std::string describe(const model::ExecutionBatch& batch, std::size_t row);

/// Rows with odd values in every column, each present or not at random: numbers of any kind, texts
/// of any bytes, ids as given.
model::ExecutionBatch random_batch(std::mt19937_64& random, const std::vector<std::string>& ids,
                                   TimeMs around_ms);

}  // namespace vitals::test
