#include <vitals/model/rows.h>

#include "block_codec.h"
#include "block_layout.h"
#include "numbers.h"
#include "selection.h"
#include "symbols.h"
#include "texts.h"

namespace vitals::events {

struct BlockDecoder::State {
  StreamReader streams;
  std::vector<std::uint64_t> whole;
  NameLookup names{};
  std::vector<std::uint32_t> selected;

  bool read_times(ByteReader& in, std::size_t rows, std::vector<TimeMs>& times);
  bool read_positions(ByteReader& in, std::size_t rows, Block& block);
  bool read_outcome(ByteReader& in, std::size_t rows, std::vector<std::uint8_t>& outcome);
  bool read_kinds(ByteReader& in, std::size_t rows, std::vector<model::RowKind>& kinds);
  bool read_section(const BlockLayout::Section& section, std::size_t rows,
                    const Selection& selection, Block& block);
  /// Reads the sections that `which` wants.
  template <class Which>
  Status read(const BlockLayout& layout, const Selection& selection, Block& block, Which&& which);
  /// Leaves of the wanted columns but the numbers only the selected rows.
  static void keep(const Selection& selection, const model::ColumnSet& columns, Block& block);
};

namespace {

/// Which sections hold the wanted columns; times, positions and kinds always do.
bool wanted(std::uint8_t tag, const model::ColumnSet& columns) {
  if (tag == kTimeTag || tag == kPositionsTag || tag == kKindsTag) return true;
  if (tag == kIdsTag) return columns.ids;
  if (tag == kOutcomeTag) return columns.outcome;
  if (tag == kAttributesTag) return columns.attributes;
  if (tag >= kLabelTag && tag < kLabelTag + model::kLabelCount) {
    return (columns.labels >> (tag - kLabelTag) & 1U) != 0;
  }
  if (tag >= kNumberTag && tag < kNumberTag + model::kNumberCount) {
    return (columns.numbers >> (tag - kNumberTag) & 1U) != 0;
  }
  return false;  // a later version's column
}

Error damaged(const std::string& what) { return {Errc::corruption, what}; }

/// Empties a block but keeps its memory, which the next one will fill again.
void clear(Block& block) {
  model::ExecutionBatch& rows = block.rows;
  block.positions.clear();
  rows.time_ms.clear();
  rows.kinds.clear();
  rows.ids.bytes.clear();
  rows.ids.ends.clear();
  rows.outcome.clear();
  for (model::SymbolColumn& label : rows.labels) {
    label.dictionary = {};
    label.codes.clear();
  }
  for (std::vector<double>& numbers : rows.numbers) numbers.clear();
  rows.attributes.pairs = {};
  rows.attributes.codes.clear();
  rows.attributes.ends.clear();
}

}  // namespace

BlockDecoder::BlockDecoder() : state_(std::make_unique<State>()) {}
BlockDecoder::~BlockDecoder() = default;
BlockDecoder::BlockDecoder(BlockDecoder&&) noexcept = default;

bool BlockDecoder::State::read_times(ByteReader& in, std::size_t rows, std::vector<TimeMs>& times) {
  if (!read_integers(in, rows, streams, whole)) return false;
  times.resize(rows);
  for (std::size_t row = 0; row < rows; ++row) times[row] = static_cast<TimeMs>(whole[row]);
  return true;
}

bool BlockDecoder::State::read_positions(ByteReader& in, std::size_t rows, Block& block) {
  if (!read_integers(in, rows, streams, block.positions)) return false;
  if (block.positions.front() < block.first) return false;
  for (std::size_t row = 1; row < rows; ++row) {
    if (block.positions[row] <= block.positions[row - 1]) return false;
  }
  return true;
}

bool BlockDecoder::State::read_outcome(ByteReader& in, std::size_t rows,
                                       std::vector<std::uint8_t>& outcome) {
  if (!read_integers(in, rows, streams, whole)) return false;
  outcome.resize(rows);
  std::uint64_t wrong = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    // Four two-bit fields, none of them 3.
    wrong |= (whole[row] & ~std::uint64_t{0xff}) | (whole[row] & whole[row] >> 1U & 0x55U);
    outcome[row] = static_cast<std::uint8_t>(whole[row]);
  }
  return wrong == 0;
}

bool BlockDecoder::State::read_kinds(ByteReader& in, std::size_t rows,
                                     std::vector<model::RowKind>& kinds) {
  if (!read_integers(in, rows, streams, whole)) return false;
  kinds.reserve(rows);
  for (const std::uint64_t kind : whole) {
    if (kind > static_cast<std::uint64_t>(model::kLastRowKind)) return false;
    kinds.push_back(static_cast<model::RowKind>(kind));
  }
  return true;
}

bool BlockDecoder::State::read_section(const BlockLayout::Section& section, std::size_t rows,
                                       const Selection& selection, Block& block) {
  ByteReader in(section.bytes);
  const auto read = [&]() -> bool {
    switch (section.tag) {
      case kTimeTag:
        return read_times(in, rows, block.rows.time_ms);
      case kPositionsTag:
        return read_positions(in, rows, block);
      case kIdsTag:
        return read_texts(in, rows, streams, whole, block.rows.ids);
      case kOutcomeTag:
        return read_outcome(in, rows, block.rows.outcome);
      case kAttributesTag:
        return read_lists(in, rows, streams, block.rows.attributes);
      case kKindsTag:
        return read_kinds(in, rows, block.rows.kinds);
      default:
        break;
    }
    if (section.tag < kNumberTag) {
      const auto label = static_cast<std::size_t>(section.tag - kLabelTag);
      names.field = static_cast<model::Label>(label);
      return read_symbols(in, rows, streams, names, block.rows.labels[label]);
    }
    return read_numbers(in, rows, selection, streams, whole,
                        block.rows.numbers[section.tag - kNumberTag]);
  };
  return section.intact() && read() && in.ok() && in.at_end();
}

template <class Which>
Status BlockDecoder::State::read(const BlockLayout& layout, const Selection& selection,
                                 Block& block, Which&& which) {
  for (const BlockLayout::Section& section : layout.sections) {
    if (!which(section.tag)) continue;
    if (!read_section(section, static_cast<std::size_t>(layout.rows), selection, block)) {
      if (!names.problem) return names.problem;
      return damaged("section " + std::to_string(section.tag) + " is damaged");
    }
  }
  return {};
}

void BlockDecoder::State::keep(const Selection& selection, const model::ColumnSet& columns,
                               Block& block) {
  model::ExecutionBatch& rows = block.rows;
  if (block.positions.empty()) {
    for (const std::uint32_t row : *selection.listed) block.positions.push_back(block.first + row);
  } else {
    selection.keep(block.positions);
  }
  selection.keep(rows.time_ms);
  selection.keep(rows.kinds);
  selection.keep(rows.outcome);
  for (model::SymbolColumn& label : rows.labels) selection.keep(label.codes);
  if (!columns.ids) rows.ids = {};
  if (columns.ids) {
    model::TextColumn ids;
    for (const std::uint32_t row : *selection.listed) ids.push_back(rows.ids.at(row));
    rows.ids = std::move(ids);
  }
  if (!columns.attributes) rows.attributes = {};
  if (rows.attributes.ends.empty()) return;
  std::vector<std::uint32_t> codes;
  std::vector<std::uint32_t> ends;
  for (const std::uint32_t row : *selection.listed) {
    const auto pairs = rows.attributes.at(row);
    codes.insert(codes.end(), pairs.begin(), pairs.end());
    ends.push_back(static_cast<std::uint32_t>(codes.size()));
  }
  rows.attributes.codes = std::move(codes);
  rows.attributes.ends = std::move(ends);
}

Status BlockDecoder::decode(std::string_view bytes, const model::ColumnSet& columns, Block& block,
                            const std::vector<model::Filter>& filters, NameSource* names) {
  clear(block);
  BlockLayout layout;
  if (const char* problem = layout.read(bytes)) return damaged(problem);
  state_->names = {layout.version >= kVersionWithNames ? names : nullptr, {}, {}};
  block.first = layout.first;
  block.min_ms = layout.min_ms;
  block.max_ms = layout.max_ms;
  block.arrival_ms = layout.arrival_ms;
  const auto rows = static_cast<std::size_t>(layout.rows);

  model::ColumnSet filtered;
  for (const model::Filter& filter : filters) model::require_field(filter.field, filtered);
  const auto first = [&](std::uint8_t tag) { return wanted(tag, filtered); };
  const auto second = [&](std::uint8_t tag) {
    return tag < kNumberTag && wanted(tag, columns) && !first(tag);
  };
  const auto third = [&](std::uint8_t tag) { return tag >= kNumberTag && wanted(tag, columns); };

  Selection selection;
  if (Status read = state_->read(layout, {}, block, first); !read) return read;
  if (block.rows.rows() != rows) return damaged("it has no times");
  block.rows_held = layout.rows;
  block.last = block.position(rows - 1);
  const auto complete = [&](const model::ColumnSet& read) -> Status {
    if (read.ids && block.rows.ids.size() != rows) return damaged("it has no ids");
    if (read.outcome && block.rows.outcome.empty()) block.rows.outcome.assign(rows, 0);
    return {};
  };
  if (Status whole = complete(filtered); !whole) return whole;
  if (!filters.empty()) {
    state_->selected = model::select_rows(block.rows, filters);
    if (state_->selected.size() < rows) selection.listed = &state_->selected;
  }
  if (selection.listed == nullptr || !selection.listed->empty()) {
    if (Status read = state_->read(layout, {}, block, second); !read) return read;
    if (Status whole = complete(columns); !whole) return whole;
    if (Status read = state_->read(layout, selection, block, third); !read) return read;
  }
  if (selection.listed != nullptr) State::keep(selection, columns, block);
  return {};
}

}  // namespace vitals::events
