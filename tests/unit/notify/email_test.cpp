#include <algorithm>
#include <random>

#include <catch2/catch.hpp>

#include "notify/email/mime.h"
#include "notify/story.h"
#include "notify/text.h"
#include "outbox_house.h"
#include "wild_alerts.h"

namespace vitals::notify::test {
namespace {

EmailTarget target() {
  EmailTarget target;
  target.to = {"Zoë <zoe@example.com>", "ops@example.com"};
  target.from = "Prompt \"Vitals\" <vitals@example.com>";
  target.server = "smtp.example.com:587";
  target.user = "vitals";
  target.password = "hush";
  return target;
}

std::unique_ptr<const Channel> channel(const EmailTarget& target) {
  Receiver receiver;
  receiver.target = target;
  return make_channel(receiver);
}

/// The first line that no mail may have; "" when there is none.
std::string bad_line(std::string_view mail) {
  while (!mail.empty()) {
    const std::size_t end = mail.find("\r\n");
    const std::string_view line = mail.substr(0, end);
    const bool plain =
        std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c < '\x7f'; });
    if (end == std::string_view::npos || line.size() > 78 || !plain) return std::string(line);
    mail.remove_prefix(end + 2);
  }
  return "";
}

TEST_CASE("whatever an alert says, a mail is plain ASCII in short lines") {
  const std::uint64_t seed = std::random_device{}();
  CAPTURE(seed);
  WildAlerts wild(seed);
  const auto email = channel(target());
  for (int round = 0; round < 40; ++round) {
    const auto request = email->request(wild.message(1 + wild.below(3)), 0);
    REQUIRE(request.ok());
    REQUIRE(bad_line(request->body) == "");
  }
}

TEST_CASE("a mail goes to addresses, under names, and belongs to its incident's thread") {
  Message message;
  message.id = "0190-firing";
  message.created_at = 1'790'000'060'000;
  message.notices = {{Event::firing, firing("0190", 1'790'000'000'000)}};
  const auto request = channel(target())->request(message, 0);
  REQUIRE(request.ok());
  CHECK(request->url == "smtp://smtp.example.com:587");
  REQUIRE(request->mail.has_value());
  CHECK(request->mail->from == "vitals@example.com");
  CHECK(request->mail->to == std::vector<std::string>{"zoe@example.com", "ops@example.com"});
  CHECK(request->mail->starttls);
  const std::string head = request->body.substr(0, request->body.find("\r\n\r\n"));
  CHECK(head ==
        "Date: Mon, 21 Sep 2026 14:14:20 +0000\r\n"
        "From: \"Prompt Vitals\" <vitals@example.com>\r\n"
        "To: =?utf-8?B?Wm/Dqw==?= <zoe@example.com>,\r\n ops@example.com\r\n"
        "Subject: CRITICAL: Success rate collapsed\r\n"
        "Message-ID: <0190-firing@example.com>\r\n"
        "In-Reply-To: <incident-0190@example.com>\r\n"
        "References: <incident-0190@example.com>\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "X-Auto-Response-Suppress: All\r\n"
        "Importance: high\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative;\r\n boundary=\"=_part_of_a_notification\"");
  EmailTarget tls = target();
  tls.security = EmailTarget::Security::tls;
  const auto over_tls = channel(tls)->request(message, 0);
  CHECK(over_tls->url == "smtps://smtp.example.com:587");
  CHECK_FALSE(over_tls->mail->starttls);
  CHECK(over_tls->body == request->body);  // the same message, the same bytes
}

TEST_CASE("a mail server's answers") {
  const auto email = channel(target());
  const auto judged = [&email](int status, const std::string& line) {
    net::ClientAnswer answer;
    answer.status = status;
    answer.body = line;
    return email->judge(answer, 0);
  };
  CHECK(judged(250, "250 taken").verdict == Verdict::delivered);
  CHECK(judged(451, "451 later").verdict == Verdict::try_again);
  CHECK_FALSE(judged(451, "451 later").receiver_down);
  CHECK(judged(421, "421 closing").receiver_down);
  CHECK(judged(535, "535 who?").verdict == Verdict::try_again);
  CHECK(judged(535, "535 who?").receiver_down);
  CHECK(judged(550, "550 no").verdict == Verdict::refused_for_good);
  CHECK(judged(554, "554 spam\n").error == "SMTP 554 spam ");
  CHECK(email->judge(Error{Errc::unavailable, "nobody there"}, 0).receiver_down);
}

TEST_CASE("texts are cut between characters, and cleaned of what is none") {
  CHECK(clean("a\tb\x01\x7f\r\nc\xc2\x85") == "a b\nc");
  CHECK(clean("\xff\xc3(\xed\xa0\x80\xf0\x9f\x98") ==
        "\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef"
        "\xbf\xbd");
  CHECK(one_line("a\nb") == "a b");
  CHECK(length("aé😀") == 4);
  CHECK(cut("aé😀", 4) == "aé😀");
  CHECK(cut("aé😀", 3) == "aé…");
  CHECK(cut("😀😀", 3) == "😀…");
  CHECK(cut("abc", 1) == "…");
  CHECK(cut("abc", 0).empty());
  const auto twice = [](std::string_view character) { return std::string(2, character[0]); };
  CHECK(escaped("abc", 6, twice) == "aabbcc");
  CHECK(escaped("abcd", 6, twice) == "aabb…");  // never half of a form
}

TEST_CASE("times are told as people say them") {
  CHECK(time_text(1'790'000'060'000) == "2026-09-21 14:14 UTC");
  CHECK(span_text(0) == "less than a second");
  CHECK(span_text(45'000) == "45 s");
  CHECK(span_text(3'600'000) == "1 h");
  CHECK(span_text(3'605'000) == "1 h");
  CHECK(span_text(7'505'000) == "2 h 5 min");
  CHECK(span_text(90'061'000) == "1 d 1 h");
  CHECK(email::header_text("plain") == "plain");
  CHECK(email::header_text("ü") == "=?utf-8?B?w7w=?=");
}

}  // namespace
}  // namespace vitals::notify::test
