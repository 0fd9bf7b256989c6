#pragma once

#include <string>

#include <vitals/base/result.h>

namespace vitals::store {

/// What a call of the operating system has said. Errors: resource_exhausted, io.
Error failed_file(const std::string& doing, int error);

/// Copies a plain file with its mode, synced; there must be none at `to`.
Status copy_file(const std::string& from, const std::string& to);

/// Makes the names in a folder durable.
Status sync_folder(const std::string& folder);

}  // namespace vitals::store
