#include "translate.h"

namespace vitals::store {
namespace {

Errc code_of(const rocksdb::Status& status) {
  if (status.IsNoSpace() || status.subcode() == rocksdb::Status::kSpaceLimit) {
    return Errc::resource_exhausted;
  }
  if (status.IsCorruption()) return Errc::corruption;
  if (status.IsInvalidArgument()) return Errc::invalid_argument;
  if (status.IsNotFound()) return Errc::not_found;
  if (status.IsIOError() || status.IsPathNotFound() || status.IsShutdownInProgress()) {
    return Errc::io;
  }
  return Errc::internal;
}

}  // namespace

std::string without_folder(std::string text, const std::string& folder) {
  for (std::size_t at = text.find(folder); !folder.empty() && at != std::string::npos;
       at = text.find(folder, at)) {
    text.erase(at, folder.size());
    while (at < text.size() && text[at] == '/') text.erase(at, 1);
  }
  return text;
}

Error to_error(const rocksdb::Status& status, const std::string& folder) {
  return {code_of(status), "store: " + without_folder(status.ToString(), folder)};
}

}  // namespace vitals::store
