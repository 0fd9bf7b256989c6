#include "block_reader.h"

namespace vitals::events {

Result<bool> BlockReader::find(Position first, const model::ColumnSet& columns, Block& block,
                               const std::vector<model::Filter>& filters) {
  const auto named = [first](Error error) {
    error.message = "event block " + std::to_string(first) + ": " + error.message;
    return error;
  };
  // A block is read whole and rarely twice in a while: there is no memory to keep the log.
  const auto bytes = snapshot_.borrow(blocks_, block_key(first), store::Cached::no);
  // Whatever keeps the store from giving the bytes says nothing about the block.
  if (!bytes) return named({Errc::io, bytes.error().message});
  if (*bytes == nullptr) return false;
  if (const Status decoded = decoder_.decode((*bytes)->bytes(), columns, block, filters, &names_);
      !decoded) {
    return named(decoded.error());
  }
  if (block.first != first) {
    return named({Errc::corruption, "it calls itself " + std::to_string(block.first)});
  }
  return true;
}

Status BlockReader::read(const IndexEntry& entry, const model::ColumnSet& columns, Block& block,
                         const std::vector<model::Filter>& filters) {
  const Result<bool> found = find(entry.first, columns, block, filters);
  if (!found) return found.error();
  const char* problem = nullptr;
  if (!*found) {
    problem = "it is missing";
  } else if (block.rows_held != entry.rows || block.last >= entry.end) {
    problem = "it is not the one in the index";
  }
  if (problem == nullptr) return {};
  return Error{Errc::corruption, "event block " + std::to_string(entry.first) + ": " + problem};
}

}  // namespace vitals::events
