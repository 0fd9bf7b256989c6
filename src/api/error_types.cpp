#include "error_types.h"

#include <atomic>
#include <memory>

#include <vitals/text/error_class.h>

namespace vitals::api {
namespace {

constexpr const char* kOther = "other";

}  // namespace

wire::ErrorTypeOf error_type_of(const Services& services) {
  return [&templates = services.error_templates, &clock = services.clock, logger = services.logger,
          failing =
              std::make_shared<std::atomic<bool>>(false)](std::string_view message) -> std::string {
    const std::string_view known = text::error_class(message);
    if (!known.empty()) return std::string(known);
    text::ErrorTemplate unknown = text::error_template(message);
    if (unknown.text.empty()) return kOther;
    const auto noted = templates.note(unknown.type, unknown.text, clock.now_ms());
    // Once, until one can be kept again.
    if (!noted && !failing->exchange(true)) {
      logger->warn("templates of errors are not kept: {}", noted.error().message);
    }
    if (noted) failing->store(false);
    return noted && *noted ? std::move(unknown.type) : kOther;
  };
}

}  // namespace vitals::api
