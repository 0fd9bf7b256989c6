#include "block_reader.h"

namespace vitals::events {

Result<bool> BlockReader::find(Position first, const model::ColumnSet& columns, Block& block) {
  const Result<std::optional<std::string>> bytes = snapshot_.get(blocks_, block_key(first));
  if (!bytes) {
    return Error{bytes.error().code,
                 "event block " + std::to_string(first) + ": " + bytes.error().message};
  }
  if (!bytes->has_value()) return false;
  if (Status decoded = decoder_.decode(**bytes, columns, block); !decoded) {
    return std::move(decoded).error();
  }
  if (block.first != first) {
    return Error{Errc::corruption, "event block " + std::to_string(first) + ": it calls itself " +
                                       std::to_string(block.first)};
  }
  return true;
}

Status BlockReader::read(const IndexEntry& entry, const model::ColumnSet& columns, Block& block) {
  const Result<bool> found = find(entry.first, columns, block);
  if (!found) return found.error();
  const char* problem = nullptr;
  if (!*found) {
    problem = "it is missing";
  } else if (block.rows.rows() != entry.rows ||
             block.position(block.rows.rows() - 1) >= entry.end) {
    problem = "it is not the one in the index";
  }
  if (problem == nullptr) return {};
  return Error{Errc::corruption, "event block " + std::to_string(entry.first) + ": " + problem};
}

}  // namespace vitals::events
