#include "tls.h"

#include <openssl/ssl.h>

namespace vitals::net {
namespace {

namespace ssl = boost::asio::ssl;

constexpr const char* tls_1_2_ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

}  // namespace

Result<std::unique_ptr<ssl::context>> make_tls_context(const std::string& certificate_chain_file,
                                                       const std::string& key_file) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
  SSL_CTX* const native = context->native_handle();
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                  SSL_OP_NO_COMPRESSION | SSL_OP_PRIORITIZE_CHACHA);
  if (SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(native, tls_1_2_ciphers) != 1) {
    return Error{Errc::internal, "OpenSSL does not know the TLS versions or ciphers wanted."};
  }
  // Idle connections keep no 34 KiB of record buffers.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);

  boost::system::error_code error;
  if (context->use_certificate_chain_file(certificate_chain_file, error)) {
    return Error{Errc::invalid_argument, "The TLS certificate cannot be used: " + error.message()};
  }
  if (context->use_private_key_file(key_file, ssl::context::pem, error)) {
    return Error{Errc::invalid_argument, "The TLS key cannot be used: " + error.message()};
  }
  if (SSL_CTX_check_private_key(native) != 1) {
    return Error{Errc::invalid_argument, "The TLS key does not belong to the certificate."};
  }
  return context;
}

}  // namespace vitals::net
