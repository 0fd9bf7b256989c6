#include "info_log.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "translate.h"

namespace vitals::store {
namespace {

constexpr std::size_t kLineBytesMax = 1024;

spdlog::level::level_enum our_level(rocksdb::InfoLogLevel level) {
  switch (level) {
    case rocksdb::WARN_LEVEL:
      return spdlog::level::warn;
    case rocksdb::ERROR_LEVEL:
    case rocksdb::FATAL_LEVEL:
      return spdlog::level::err;
    default:
      return spdlog::level::trace;
  }
}

/// Drops the "[db/db_impl_open.cc:982] " in front.
std::string without_origin(std::string line) {
  const std::size_t end = line.find("] ");
  if (!line.empty() && line.front() == '[' && end != std::string::npos) line.erase(0, end + 2);
  return line;
}

}  // namespace

InfoLog::InfoLog(vitals::Logger logger, std::string folder)
    : rocksdb::Logger(logger->should_log(spdlog::level::trace) ? rocksdb::INFO_LEVEL
                                                               : rocksdb::WARN_LEVEL),
      logger_(std::move(logger)),
      folder_(std::move(folder)) {}

void InfoLog::Logv(const char* format, va_list arguments) {
  Logv(rocksdb::INFO_LEVEL, format, arguments);
}

void InfoLog::Logv(rocksdb::InfoLogLevel level, const char* format, va_list arguments) {
  if (level < GetInfoLogLevel()) return;
  std::array<char, kLineBytesMax> buffer{};
  if (std::vsnprintf(buffer.data(), buffer.size(), format, arguments) < 0) return;
  const std::string line = without_folder(without_origin(buffer.data()), folder_);
  logger_->log(our_level(level), "rocksdb: {}", line);
  if (level >= rocksdb::WARN_LEVEL && opening_) keep(line);
}

void InfoLog::keep(const std::string& line) {
  // Write-ahead logs only: "000012.log: dropping 4711 bytes; Corruption: checksum mismatch".
  const std::size_t dropping = line.find(".log: dropping ");
  if (dropping == std::string::npos) return;
  std::size_t name = line.rfind(' ', dropping);
  name = name == std::string::npos ? 0 : name + 1;
  std::string finding = "write-ahead log " + line.substr(name) +
                        ": cut back to the last whole commit before the damage";
  findings_.with([&finding](std::vector<std::string>& findings) {
    if (std::find(findings.begin(), findings.end(), finding) == findings.end()) {
      findings.push_back(std::move(finding));
    }
  });
}

std::vector<std::string> InfoLog::opened() {
  opening_ = false;
  return findings_.with([](std::vector<std::string>& findings) { return std::move(findings); });
}

}  // namespace vitals::store
