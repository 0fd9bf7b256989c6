#pragma once

#include <string>

#include <rocksdb/status.h>

#include <vitals/base/result.h>

namespace vitals::store {

/// What a RocksDB status means for a caller; `folder` is cut out of its message.
Error to_error(const rocksdb::Status& status, const std::string& folder);

inline Status to_status(const rocksdb::Status& status, const std::string& folder) {
  if (status.ok()) return {};
  return to_error(status, folder);
}

/// Replaces every "folder/file" by "file".
std::string without_folder(std::string text, const std::string& folder);

}  // namespace vitals::store
