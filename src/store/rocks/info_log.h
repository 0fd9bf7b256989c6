#pragma once

#include <atomic>
#include <cstdarg>
#include <string>
#include <vector>

#include <rocksdb/env.h>

#include <vitals/base/guarded.h>
#include <vitals/base/log.h>

namespace vitals::store {

/// RocksDB's info log, handed on to ours: warnings and errors as such, the rest at trace. RocksDB
/// tells nobody else about a write-ahead log that it cut back while opening, so those lines are
/// also kept, until opened(). Thread-safe.
class InfoLog final : public rocksdb::Logger {
 public:
  InfoLog(vitals::Logger logger, std::string folder);

  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override;
  void Logv(rocksdb::InfoLogLevel level, const char* format, va_list arguments) override;

  /// Ends keeping; returns a sentence for each damage that was found.
  std::vector<std::string> opened();

 private:
  void keep(const std::string& line);

  vitals::Logger logger_;
  std::string folder_;
  std::atomic<bool> opening_{true};
  Guarded<std::vector<std::string>> findings_;
};

}  // namespace vitals::store
