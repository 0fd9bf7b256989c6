#include "channel.h"

#include <algorithm>

#include "../target_check.h"
#include "../text.h"
#include "content.h"
#include "mime.h"

namespace vitals::notify {
namespace {

/// What may stand left of the @ of a Message-ID.
std::string id_text(std::string_view text) {
  std::string id;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.';
    id += plain ? c : '_';
  }
  return id;
}

bool is_urgent(const Notice& notice) {
  return notice.event != Event::resolved && notice.event != Event::acknowledged &&
         notice.alert.severity == model::Severity::critical;
}

class EmailChannel final : public Channel {
 public:
  EmailChannel(const EmailTarget& target, const Receiver& receiver)
      : target_(target), timeout_ms_(receiver.timeout_ms), external_url_(receiver.external_url) {}

  bool groups() const override { return true; }

  Result<net::ClientRequest> request(const Message& message, TimeMs) const override {
    const std::string sender = email::address_of(target_.from);
    const std::string at = sender.substr(sender.find('@'));
    email::Mail mail;
    mail.from = target_.from;
    mail.to = target_.to;
    mail.subject = email::subject_of(message, external_url_);
    mail.message_id = id_text(message.id) + at;
    mail.thread_id = "incident-" + id_text(message.notices.front().alert.id) + at;
    mail.date = message.created_at;
    mail.urgent = std::any_of(message.notices.begin(), message.notices.end(), is_urgent);
    mail.text = email::text_of(message, external_url_);
    mail.html = email::html_of(message, external_url_);

    net::ClientRequest request;
    const bool tls = target_.security == EmailTarget::Security::tls;
    request.url = (tls ? "smtps://" : "smtp://") + target_.server;
    request.timeout_ms = timeout_ms_;
    request.ca_file = target_.ca_file;
    request.body = email::to_bytes(mail);
    net::Envelope& envelope = request.mail.emplace();
    envelope.from = sender;
    for (const std::string& to : target_.to) envelope.to.push_back(email::address_of(to));
    envelope.user = target_.user;
    envelope.password = target_.password;
    envelope.starttls = target_.security == EmailTarget::Security::starttls;
    return request;
  }

  /// RFC 5321, 4.2.1: 4yz may be tried again, 5yz not. What 53z says of our login may be mended.
  Attempt judge(const Result<net::ClientAnswer>& answer, TimeMs) const override {
    Attempt attempt;
    if (!answer) {
      attempt.error = answer.error().message;
      attempt.receiver_down = true;
      return attempt;
    }
    const int status = answer->status;
    if (status >= 200 && status < 300) {
      attempt.verdict = Attempt::Verdict::delivered;
      return attempt;
    }
    attempt.error = "SMTP " + one_line(answer->body);
    attempt.receiver_down = status == 421 || status == 454 || (status >= 530 && status < 540);
    if (status >= 500 && !attempt.receiver_down) {
      attempt.verdict = Attempt::Verdict::refused_for_good;
    }
    return attempt;
  }

 private:
  EmailTarget target_;
  DurationMs timeout_ms_;
  std::string external_url_;
};

/// RFC 5321's addresses that are in use: no quotes, no blanks, one @.
bool is_mailbox(std::string_view mailbox) {
  const std::string address = email::address_of(mailbox);
  const std::size_t at = address.find('@');
  return is_printable(mailbox) && at != std::string::npos && at > 0 && at + 1 < address.size() &&
         address.find_first_of(" <>\",;:\\@", at + 1) == std::string::npos &&
         address.find_first_of(" <>\",;:\\") == std::string::npos &&
         std::all_of(address.begin(), address.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

Status check(const EmailTarget& target) {
  if (target.to.empty()) return refuse("to", "needs at least one address");
  for (const std::string& to : target.to) {
    if (!is_mailbox(to)) return refuse("to", "'" + to + "' is no address");
  }
  if (!is_mailbox(target.from)) return refuse("from", "must be an address or 'Name <address>'");
  const std::size_t colon = target.server.rfind(':');
  const bool digits = colon != std::string::npos && colon > 0 && colon + 1 < target.server.size() &&
                      target.server.find_first_not_of("0123456789", colon + 1) == std::string::npos;
  if (!digits || target.server.find_first_of("/ @") != std::string::npos) {
    return refuse("smtp", "must be HOST:PORT, as in smtp.example.com:587");
  }
  if (target.user.empty() != target.password.empty()) {
    return refuse(target.user.empty() ? "user" : "password", "is required beside the other");
  }
  if (!target.user.empty() && target.security == EmailTarget::Security::none) {
    return refuse("tls", "none would send the password in the clear");
  }
  return {};
}

std::unique_ptr<const Channel> make(const EmailTarget& target, const Receiver& receiver) {
  return std::make_unique<EmailChannel>(target, receiver);
}

}  // namespace vitals::notify
