#include "measure_column.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace vitals::series {
namespace {

constexpr double kFormulaNoise = 0x1p-46;  // of derived measures and of sums
constexpr double kSpreadNoise = 0x1p-36;   // of M2: stddev is good to ten digits

/// The middle one of three values. The subtraction leaves noise; where the other two are decimals
/// so was this one, which removes it.
double middle_of(const sketch::Moments& three) {
  const double middle = std::clamp(three.total() - three.min - three.max, three.min, three.max);
  const double size = std::max(std::abs(three.min), std::abs(three.max));
  for (int places = 0; places <= kPlacesMax; ++places) {
    std::int64_t scaled = 0;
    if (!to_decimal(three.min, places, kFormulaNoise, scaled) ||
        !to_decimal(three.max, places, kFormulaNoise, scaled)) {
      continue;
    }
    to_decimal(middle, places, 0, scaled);
    const double decimal = from_decimal(scaled, places);
    if (std::abs(decimal - middle) <= kFormulaNoise * size) return decimal;
  }
  return middle;
}

/// The values of a thin cell, ascending, from what its moments determine.
std::size_t values_from(const sketch::Moments& moments, std::array<double, kThinValuesMax>& out) {
  out[0] = moments.min;
  if (moments.count >= 2) out[moments.count - 1] = moments.max;
  if (moments.count == 3) out[1] = middle_of(moments);
  return moments.count;
}

MeasureSummary summary_of(const sketch::Moments& moments) {
  const double spread = moments.m2 * static_cast<double>(moments.count);
  return {moments.count, moments.total(), spread, moments.min, moments.max};
}

}  // namespace

void MeasureColumnWriter::add(std::size_t row, std::uint64_t executions,
                              const sketch::Moments& moments, const sketch::Quantiles* sketch) {
  const std::uint64_t count = moments.count;
  if (count == 0) return;
  if (sketch != nullptr && sketch->exact() && sketch->values().size() == count) {
    add_values(row, executions, sketch->values());
  } else if (sketch == nullptr && count <= kThinValuesMax) {
    std::array<double, kThinValuesMax> few{};
    add_values(row, executions, std::span(few).first(values_from(moments, few)));
  } else {
    scratch_.clear();
    if (sketch != nullptr) sketch->encode(scratch_);
    add_summary(row, executions, summary_of(moments), scratch_);
  }
}

void MeasureColumnWriter::add(std::size_t row, std::uint64_t executions,
                              std::span<const double> values, bool full) {
  if (values.empty()) return;
  if (values.size() <= (full ? kValuesMax : kThinValuesMax)) {
    std::array<double, kValuesMax> few;  // NOLINT(cppcoreguidelines-pro-type-member-init)
    const auto end = std::copy(values.begin(), values.end(), few.begin());
    std::sort(few.begin(), end);
    return add_values(row, executions, std::span(few).first(values.size()));
  }
  sketch::Moments moments;
  moments.add(values);
  if (!full) return add(row, executions, moments, nullptr);
  if (moments.min >= 0 && sketches_.add(values)) {
    return add_moments(row, executions, summary_of(moments));
  }
  sketch::Quantiles sketch;
  sketch.add(values);
  add(row, executions, moments, &sketch);
}

void MeasureColumnWriter::add_form(std::size_t row, std::uint64_t executions, std::uint64_t count,
                                   bool summary) {
  forms_.resize(row, 0);
  const auto surplus = static_cast<std::int64_t>(count - executions);
  forms_.push_back(1 + (zigzag(surplus) << 1U | (summary ? 1U : 0U)));
}

void MeasureColumnWriter::add_values(std::size_t row, std::uint64_t executions,
                                     std::span<const double> values) {
  add_form(row, executions, values.size(), false);
  values_.insert(values_.end(), values.begin(), values.end());
  value_counts_.push_back(static_cast<std::uint32_t>(values.size()));
  raw_bytes_ += 8 * values.size();
}

void MeasureColumnWriter::add_summary(std::size_t row, std::uint64_t executions,
                                      const MeasureSummary& summary, std::string_view sketch) {
  add_moments(row, executions, summary);
  if (!sketch.empty()) sketches_.add(sketch);
}

void MeasureColumnWriter::add_moments(std::size_t row, std::uint64_t executions,
                                      const MeasureSummary& summary) {
  add_form(row, executions, summary.count, true);
  totals_.push_back(summary.total);
  spreads_.push_back(summary.spread);
  minima_.push_back(summary.min);
  maxima_.push_back(summary.max);
  raw_bytes_ += 32;
}

void MeasureColumnWriter::write_moments(ColumnWriter& writer, std::size_t rows, bool derived,
                                        std::string& out) {
  forms_.resize(rows, 0);
  writer.integers(out, forms_);
  const double noise = derived ? kFormulaNoise : 0;
  write_values(writer, noise, out);
  writer.decimals(out, minima_, 0, kPlacesMax, noise);
  writer.decimals(out, maxima_, 0, kPlacesMax, noise);
  writer.decimals(out, totals_, 0, kPlacesMax, kFormulaNoise);
  writer.decimals(out, spreads_, 0, 2 * kPlacesMax, kSpreadNoise);
}

/// Values ascend within a cell, so after the first one only distances are written.
void MeasureColumnWriter::write_values(ColumnWriter& writer, double tolerance, std::string& out) {
  std::vector<std::int64_t> scaled(values_.size());
  int places = 0;
  const auto fits = [&] {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (!to_decimal(values_[i], places, tolerance, scaled[i])) return false;
    }
    return true;
  };
  while (places <= kPlacesMax && !fits()) ++places;
  const bool decimal = places <= kPlacesMax;
  std::vector<std::uint64_t> firsts, distances;
  std::size_t at = 0;
  for (const std::uint32_t count : value_counts_) {
    for (std::uint32_t i = 0; i < count; ++i, ++at) {
      auto& column = i == 0 ? firsts : distances;
      if (!decimal) {
        column.push_back(std::bit_cast<std::uint64_t>(values_[at]));
      } else if (i == 0) {
        column.push_back(zigzag(scaled[at]));
      } else {
        column.push_back(static_cast<std::uint64_t>(scaled[at] - scaled[at - 1]));
      }
    }
  }
  out += static_cast<char>(decimal ? places : kNotDecimal);
  writer.integers(out, firsts);
  writer.integers(out, distances);
}

void MeasureColumn::read_moments(ColumnReader& reader, ByteReader& in,
                                 const std::vector<std::uint64_t>& executions,
                                 bool with_summaries) {
  std::vector<std::uint64_t> forms;
  reader.integers(in, executions.size(), forms);
  counts_.assign(forms.size(), 0);
  summary_.assign(forms.size(), false);
  at_.assign(forms.size(), 0);
  value_counts_.clear();
  std::uint32_t values = 0, summaries = 0;
  for (std::size_t row = 0; row < forms.size(); ++row) {
    if (forms[row] == 0) continue;
    const std::uint64_t form = forms[row] - 1;
    counts_[row] = executions[row] + static_cast<std::uint64_t>(unzigzag(form >> 1U));
    summary_[row] = (form & 1U) != 0;
    at_[row] = summary_[row] ? summaries++ : values;
    if (summary_[row]) continue;
    if (counts_[row] == 0 || counts_[row] > kValuesMax) return in.fail();
    value_counts_.push_back(static_cast<std::uint32_t>(counts_[row]));
    values += value_counts_.back();
  }
  summaries_ = summaries;
  values_.resize(values);
  read_values(reader, in);
  if (!with_summaries) return;
  reader.decimals(in, summaries, minima_);
  reader.decimals(in, summaries, maxima_);
  reader.decimals(in, summaries, totals_);
  reader.decimals(in, summaries, spreads_);
}

void MeasureColumn::read_values(ColumnReader& reader, ByteReader& in) {
  const std::uint8_t places = in.byte();
  const bool decimal = places != kNotDecimal;
  if (decimal && places > kPlacesMax) return in.fail();
  std::vector<std::uint64_t> firsts, distances;
  reader.integers(in, value_counts_.size(), firsts);
  reader.integers(in, values_.size() - value_counts_.size(), distances);
  std::size_t at = 0, distance = 0;
  for (std::size_t cell = 0; cell < value_counts_.size(); ++cell) {
    std::int64_t scaled = unzigzag(firsts[cell]);
    values_[at++] = decimal ? from_decimal(scaled, places) : std::bit_cast<double>(firsts[cell]);
    for (std::uint32_t i = 1; i < value_counts_[cell]; ++i) {
      const std::uint64_t next = distances[distance++];
      scaled = static_cast<std::int64_t>(static_cast<std::uint64_t>(scaled) + next);
      values_[at++] = decimal ? from_decimal(scaled, places) : std::bit_cast<double>(next);
    }
  }
}

void MeasureColumn::read_sketches(ColumnReader& reader, ByteReader& in) {
  sketches_.read(reader, in, summaries_);
}

void MeasureColumn::merge_summary(const MeasureSummary& stored, sketch::Moments& into) {
  const auto count = static_cast<double>(stored.count);
  into.merge({stored.count, stored.total, 0, stored.total / count, stored.spread / count,
              stored.min, stored.max});
}

bool MeasureColumn::merge(std::size_t first, std::size_t end, sketch::Moments* moments,
                          sketch::Quantiles* sketch) const {
  if (counts_.empty()) return true;
  QuantileColumn::Steps steps;
  for (std::size_t row = first; row < end;) {
    if (counts_[row] == 0) {
      ++row;
    } else if (summary_[row]) {
      if (moments != nullptr) merge_summary(summary(row), *moments);
      const bool sketched = sketch != nullptr && !sketches_.empty();
      if (sketched && !sketches_.merge(at_[row], counts_[row], *sketch, steps)) return false;
      ++row;
    } else {
      // Values of rows that follow one another lie together, as do those of rows without any.
      std::size_t count = 0;
      const double* const begin = values(row).data();
      for (; row < end && !summary_[row]; ++row) count += counts_[row];
      const std::span<const double> all(begin, count);
      if (moments != nullptr) moments->add(all);
      if (sketch != nullptr) sketch->add(all);
    }
  }
  return true;
}

void MeasureColumn::copy(std::size_t row, std::uint64_t executions, MeasureColumnWriter& to,
                         std::size_t to_row) const {
  if (counts_[row] == 0) return;
  if (!summary_[row]) {
    to.add_values(to_row, executions, values(row));
  } else {
    std::string sketch;
    if (!sketches_.empty()) sketches_.encoded(at_[row], sketch);
    to.add_summary(to_row, executions, summary(row), sketch);
  }
}

}  // namespace vitals::series
