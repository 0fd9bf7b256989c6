#include "mail.h"

#include <algorithm>
#include <string_view>

namespace vitals::net {
namespace {

/// A line break or an end of the address would smuggle commands.
bool is_address(std::string_view address) {
  return !address.empty() && std::all_of(address.begin(), address.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '<' && c != '>';
  });
}

}  // namespace

Status check_mail(const ClientRequest& request) {
  const std::string_view url = request.url;
  if (!url.starts_with("smtp://") && !url.starts_with("smtps://")) {
    return Error{Errc::invalid_argument, "The URL is not one of smtp or smtps."};
  }
  const Envelope& mail = *request.mail;
  if (mail.to.empty() || !is_address(mail.from) ||
      !std::all_of(mail.to.begin(), mail.to.end(), is_address)) {
    return Error{Errc::invalid_argument, "The mail has no sender or recipient, or a bad one."};
  }
  return {};
}

Mailing::Mailing(const ClientRequest& request) : request_(request) {
  for (const std::string& to : request.mail->to) {
    recipients_.reset(curl_slist_append(recipients_.release(), ("<" + to + ">").c_str()));
  }
}

void Mailing::set_up(CURL* curl) {
  const Envelope& mail = *request_.mail;
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, ("<" + mail.from + ">").c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients_.get());
  // One address that the server refuses does not keep the mail from the others.
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
  if (mail.starttls) {
    curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  }
  if (!mail.user.empty()) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, mail.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, mail.password.c_str());
  }
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, &on_read);
  curl_easy_setopt(curl, CURLOPT_READDATA, this);
  curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
}

bool Mailing::is_answer(CURLcode code, long status) {
  const bool refused = code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR ||
                       code == CURLE_LOGIN_DENIED || code == CURLE_WEIRD_SERVER_REPLY;
  return refused && status >= 400;
}

std::size_t Mailing::on_read(char* to, std::size_t, std::size_t bytes, void* user) {
  auto& mailing = *static_cast<Mailing*>(user);
  const std::string& body = mailing.request_.body;
  const std::size_t count = body.copy(to, bytes, mailing.sent_);
  mailing.sent_ += count;
  return count;
}

}  // namespace vitals::net
