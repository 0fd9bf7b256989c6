#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/clock.h>

namespace vitals::notify::email {

/// A mail before it is bytes. Texts are clean (text.h).
struct Mail {
  std::string from;  ///< an address, or `Name <address>`
  std::vector<std::string> to;
  std::string subject;
  std::string message_id;  ///< without brackets
  std::string thread_id;   ///< of the thread it belongs to, likewise
  TimeMs date = 0;
  bool urgent = false;
  std::string text;
  std::string html;
};

/// RFC 5322 with MIME multipart/alternative (RFC 2045, 2046), headers in UTF-8 by RFC 2047. ASCII
/// only, lines of at most 78 characters where they can be folded.
std::string to_bytes(const Mail& mail);

/// `a@b.c` of `Name <a@b.c>`.
std::string address_of(std::string_view mailbox);

/// RFC 2047 where there is more than plain ASCII in it, folded.
std::string header_text(std::string_view text);

/// RFC 5322, 3.3: `Mon, 23 Nov 2026 07:05:00 +0000`.
std::string date_text(TimeMs time);

}  // namespace vitals::notify::email
