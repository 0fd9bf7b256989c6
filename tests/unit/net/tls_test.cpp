#include <cstdio>

#include <catch2/catch.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <vitals/net/client.h>

#include "support/temp_folder.h"
#include "test_server.h"

using namespace vitals;

namespace {

/// A key and a certificate for 127.0.0.1 signed with it, valid for an hour.
void write_certificate(const std::string& certificate_file, const std::string& key_file) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto* common_name = reinterpret_cast<const unsigned char*>("127.0.0.1");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_EXTENSION* alternative =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(certificate, alternative, -1);
  X509_EXTENSION_free(alternative);
  REQUIRE(X509_sign(certificate, key, EVP_sha256()) > 0);
  FILE* file = std::fopen(certificate_file.c_str(), "w");
  REQUIRE(PEM_write_X509(file, certificate) == 1);
  std::fclose(file);
  file = std::fopen(key_file.c_str(), "w");
  REQUIRE(PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  std::fclose(file);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

/// Whether a handshake succeeds with at most this version and only these TLS 1.2 ciphers.
bool shakes_hands(std::uint16_t port, int version_max, const char* ciphers) {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context, version_max);
  REQUIRE(SSL_CTX_set_cipher_list(context, ciphers) == 1);
  BIO* bio = BIO_new_ssl_connect(context);
  BIO_set_conn_hostname(bio, ("127.0.0.1:" + std::to_string(port)).c_str());
  const bool done = BIO_do_handshake(bio) == 1;
  BIO_free_all(bio);
  SSL_CTX_free(context);
  return done;
}

struct Secure {
  Secure() {
    options.tls_certificate = folder.file("certificate.pem");
    options.tls_key = folder.file("key.pem");
    write_certificate(options.tls_certificate, options.tls_key);
  }
  test::TempFolder folder;
  net::ServerOptions options;
};

}  // namespace

TEST_CASE("requests and answers of any size go through TLS") {
  Secure secure;
  test::TestServer server(&test::echo, secure.options);
  const auto client = net::make_client();
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{500}, std::size_t{3'000'000}}) {
    net::ClientRequest request;
    request.method = "POST";
    request.url = server.url("/", "https");
    request.ca_file = secure.options.tls_certificate;
    request.body = std::string(bytes, 'z');
    const auto answer = client->call(request);
    REQUIRE(answer);
    CHECK(answer->body == request.body);
  }
  net::ClientRequest distrustful;
  distrustful.url = server.url("/", "https");
  CHECK_FALSE(client->call(distrustful));
}

TEST_CASE("old versions and CBC ciphers are not spoken") {
  Secure secure;
  test::TestServer server(&test::echo, secure.options);
  const std::uint16_t port = server.server().port();
  CHECK(shakes_hands(port, TLS1_3_VERSION, "DEFAULT"));
  CHECK(shakes_hands(port, TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256"));
  CHECK_FALSE(
      shakes_hands(port, TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA"));
  CHECK_FALSE(shakes_hands(port, TLS1_1_VERSION, "ALL:@SECLEVEL=0"));
}

TEST_CASE("plain HTTP on a TLS port is closed, silent handshakes time out") {
  Secure secure;
  secure.options.header_timeout_ms = 40;
  test::TestServer server(&test::echo, secure.options);
  test::RawSocket plain(server.server());
  plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(plain.read_to_end().find("HTTP/1.1 200") == std::string::npos);
  test::RawSocket silent(server.server());
  CHECK(silent.closed());
}

TEST_CASE("a key that does not belong to the certificate is an error") {
  Secure secure;
  Secure other;
  secure.options.tls_key = other.options.tls_key;
  test::FunctionHandler handler(&test::echo);
  telemetry::Registry telemetry;
  const auto server = net::Server::listen(secure.options, handler, quiet_logger(), telemetry);
  REQUIRE_FALSE(server);
  CHECK(server.error().code == Errc::invalid_argument);
}
