#include "mime.h"

#include <algorithm>
#include <ctime>

#include <fmt/format.h>

#include "../base64.h"

namespace vitals::notify::email {
namespace {

constexpr const char* kLineEnd = "\r\n";
// No base64 has an underscore, so no part can contain it.
constexpr const char* kBoundary = "=_part_of_a_notification";

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < '\x7f'; });
}

/// RFC 2045, 6.8: lines of 76.
std::string base64_lines(std::string_view bytes) {
  constexpr std::size_t kLine = 76;
  const std::string all = to_base64(bytes);
  std::string lines;
  for (std::size_t at = 0; at < all.size(); at += kLine) {
    lines.append(all, at, kLine).append(kLineEnd);
  }
  return lines;
}

std::string part(const char* type, const std::string& content) {
  return fmt::format(
      "--{}\r\nContent-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
      kBoundary, type, base64_lines(content));
}

/// At most `bytes_max` bytes from the front, not ending within a character.
std::string_view piece(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 1 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end);
}

std::string mailbox_text(const std::string& mailbox) {
  std::string address = address_of(mailbox);
  if (address == mailbox) return address;
  std::string name = mailbox.substr(0, mailbox.find('<'));
  name.erase(name.find_last_not_of(' ') + 1);
  if (!is_plain(name)) return header_text(name) + " <" + address + ">";
  std::string quoted;
  for (const char c : name) {
    if (c == '"') continue;
    if (c == '\\') quoted += '\\';
    quoted += c;
  }
  return "\"" + quoted + "\" <" + address + ">";
}

std::string join(const std::vector<std::string>& mailboxes) {
  std::string all;
  for (const std::string& mailbox : mailboxes) {
    all += (all.empty() ? "" : ",\r\n ") + mailbox_text(mailbox);
  }
  return all;
}

}  // namespace

std::string address_of(std::string_view mailbox) {
  const std::size_t open = mailbox.find('<');
  if (open == std::string_view::npos || !mailbox.ends_with('>')) return std::string(mailbox);
  return std::string(mailbox.substr(open + 1, mailbox.size() - open - 2));
}

std::string header_text(std::string_view text) {
  constexpr std::size_t kPlainMax = 65;   // beside the longest name of ours
  constexpr std::size_t kWordBytes = 42;  // 56 of base64 and 12 around it stay below 75
  if (is_plain(text) && text.size() <= kPlainMax && text.find("=?") == std::string_view::npos) {
    return std::string(text);
  }
  std::string words;
  while (!text.empty()) {
    const std::string_view next = piece(text, kWordBytes);
    words += (words.empty() ? "=?utf-8?B?" : "\r\n =?utf-8?B?") + to_base64(next) + "?=";
    text.remove_prefix(next.size());
  }
  return words;
}

std::string date_text(TimeMs time) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = time / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", kDays[utc.tm_wday], utc.tm_mday,
                     kMonths[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::string to_bytes(const Mail& mail) {
  std::string bytes;
  const auto header = [&bytes](std::string_view name, const std::string& value) {
    bytes.append(name).append(": ").append(value).append(kLineEnd);
  };
  header("Date", date_text(mail.date));
  header("From", mailbox_text(mail.from));
  header("To", join(mail.to));
  header("Subject", header_text(mail.subject));
  header("Message-ID", "<" + mail.message_id + ">");
  // Nobody has sent the root of the thread; readers thread by its name all the same (RFC 5322,
  // 3.6.4).
  header("In-Reply-To", "<" + mail.thread_id + ">");
  header("References", "<" + mail.thread_id + ">");
  header("Auto-Submitted", "auto-generated");  // RFC 3834: no out-of-office answers
  header("X-Auto-Response-Suppress", "All");
  if (mail.urgent) header("Importance", "high");
  header("MIME-Version", "1.0");
  header("Content-Type", fmt::format("multipart/alternative;\r\n boundary=\"{}\"", kBoundary));
  bytes += kLineEnd;
  bytes += part("text/plain", mail.text);
  bytes += part("text/html", mail.html);
  bytes += fmt::format("--{}--\r\n", kBoundary);
  return bytes;
}

}  // namespace vitals::notify::email
