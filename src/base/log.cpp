#include <cstdlib>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <vitals/base/log.h>

namespace vitals {
namespace {

/// `%*` in the JSON pattern: the message as the inside of a JSON string.
class JsonMessageFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
              spdlog::memory_buf_t& out) override {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    const auto append = [&out](std::string_view text) {
      out.append(text.data(), text.data() + text.size());
    };
    for (const char c : std::string_view(message.payload.data(), message.payload.size())) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        append("\\");
        append({&c, 1});
      } else if (byte < 0x20) {
        const char escaped[] = {'\\', 'u', '0', '0', kDigits[byte >> 4U], kDigits[byte & 0xfU]};
        append({escaped, sizeof escaped});
      } else {
        append({&c, 1});
      }
    }
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<JsonMessageFlag>();
  }
};

/// `%*` in the journal pattern: the syslog priority of the line's level (sd-daemon(3)).
class PriorityFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
              spdlog::memory_buf_t& out) override {
    static constexpr std::string_view kPriorities = "7764322";  // by spdlog level
    out.push_back('<');
    out.push_back(kPriorities[message.level]);
    out.push_back('>');
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<PriorityFlag>();
  }
};

template <class Flag>
std::unique_ptr<spdlog::pattern_formatter> formatter(const std::string& pattern) {
  auto result = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  result->add_flag<Flag>('*').set_pattern(pattern);
  return result;
}

}  // namespace

Result<Logger> make_logger(const LogOptions& options) {
  const auto level = spdlog::level::from_str(options.level);
  if (level == spdlog::level::off && options.level != "off") {
    return Error{Errc::invalid_argument, "unknown log level '" + options.level +
                                             "': expected trace, debug, info, warning or error"};
  }
  auto logger =
      std::make_shared<spdlog::logger>("vitals", std::make_shared<spdlog::sinks::stdout_sink_mt>());
  if (options.format == LogOptions::Format::json) {
    logger->set_formatter(
        formatter<JsonMessageFlag>(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","msg":"%*"})"));
  } else if (std::getenv("JOURNAL_STREAM") != nullptr) {
    logger->set_formatter(formatter<PriorityFlag>("%*%v"));
  } else {
    logger->set_formatter(formatter<PriorityFlag>("%Y-%m-%dT%H:%M:%S.%eZ %-7l %v"));
  }
  logger->set_level(level);
  logger->flush_on(spdlog::level::info);
  return logger;
}

Logger quiet_logger() {
  return std::make_shared<spdlog::logger>("quiet", std::make_shared<spdlog::sinks::null_sink_mt>());
}

}  // namespace vitals
