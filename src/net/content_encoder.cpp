#include "content_encoder.h"

#include <array>

#include <zlib.h>
#include <zstd.h>

#include "characters.h"

namespace vitals::net {
namespace {

// The fast ends: an answer is compressed once and read once.
constexpr int gzip_level = 1;
constexpr int zstd_level = 1;
constexpr std::size_t output_step_bytes = 16 << 10;

class GzipEncoder final : public ContentEncoder {
 public:
  GzipEncoder() {
    ready_ = deflateInit2(&stream_, gzip_level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~GzipEncoder() override {
    if (ready_) deflateEnd(&stream_);
  }
  GzipEncoder(const GzipEncoder&) = delete;
  GzipEncoder& operator=(const GzipEncoder&) = delete;

  bool encode(std::string_view piece, bool last, std::string& out) override {
    if (!ready_) return false;
    // zlib only reads from next_in, though its type says otherwise.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream_.avail_in = static_cast<uInt>(piece.size());
    do {
      const std::size_t used = out.size();
      out.resize(used + output_step_bytes);
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + used);
      stream_.avail_out = output_step_bytes;
      const int result = deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH);
      out.resize(out.size() - stream_.avail_out);
      if (result == Z_STREAM_ERROR) return false;
    } while (stream_.avail_out == 0);
    return true;
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

class ZstdEncoder final : public ContentEncoder {
 public:
  ZstdEncoder() : stream_(ZSTD_createCStream(), &ZSTD_freeCStream) {
    if (stream_ && ZSTD_isError(ZSTD_initCStream(stream_.get(), zstd_level)) != 0) stream_.reset();
  }

  bool encode(std::string_view piece, bool last, std::string& out) override {
    if (!stream_) return false;
    ZSTD_inBuffer in{piece.data(), piece.size(), 0};
    std::size_t rest = 0;
    do {
      const std::size_t used = out.size();
      out.resize(used + output_step_bytes);
      ZSTD_outBuffer to{out.data() + used, output_step_bytes, 0};
      rest = ZSTD_compressStream2(stream_.get(), &to, &in, last ? ZSTD_e_end : ZSTD_e_continue);
      out.resize(used + to.pos);
      if (ZSTD_isError(rest) != 0) return false;
    } while (in.pos < in.size || (last && rest != 0));
    return true;
  }

 private:
  std::unique_ptr<ZSTD_CStream, decltype(&ZSTD_freeCStream)> stream_;
};

/// The weight after ";q=" in thousandths; 1000 without one, 0 when it is malformed.
int weight_of(std::string_view parameters) {
  parameters = trim(parameters);
  if (parameters.empty()) return 1000;
  if (parameters.size() < 3 || lower(parameters[0]) != 'q' || parameters[1] != '=') return 0;
  const std::string_view number = parameters.substr(2);
  if (!is_digit(number[0]) || number[0] > '1') return 0;
  int weight = (number[0] - '0') * 1000;
  if (number.size() > 1 && number[1] != '.') return 0;
  int unit = 100;
  for (std::size_t i = 2; i < number.size(); ++i, unit /= 10) {
    if (!is_digit(number[i])) return 0;
    weight += (number[i] - '0') * unit;
  }
  return weight > 1000 ? 1000 : weight;
}

}  // namespace

std::string_view name_of(ContentCoding coding) {
  constexpr std::array<std::string_view, 3> names{"identity", "gzip", "zstd"};
  return names.at(static_cast<std::size_t>(coding));
}

ContentCoding choose_coding(std::string_view accept_encoding) {
  constexpr int unsaid = -1;
  std::array<int, 3> weights{unsaid, unsaid, unsaid};
  int others = 0;
  for_each_element(accept_encoding, [&](std::string_view element) {
    const std::size_t semicolon = element.find(';');
    const std::string_view coding = trim(element.substr(0, semicolon));
    const int weight =
        semicolon == std::string_view::npos ? 1000 : weight_of(element.substr(semicolon + 1));
    if (coding == "*") others = weight;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const auto known = static_cast<ContentCoding>(i);
      const bool alias = known == ContentCoding::gzip && equals_ignoring_case(coding, "x-gzip");
      if (alias || equals_ignoring_case(coding, name_of(known))) weights.at(i) = weight;
    }
  });
  ContentCoding best = ContentCoding::identity;
  int best_weight = weights[0] == unsaid ? 0 : weights[0];
  for (const ContentCoding coding : {ContentCoding::gzip, ContentCoding::zstd}) {
    const int said = weights.at(static_cast<std::size_t>(coding));
    const int weight = said == unsaid ? others : said;
    if (weight > 0 && weight >= best_weight) {
      best = coding;
      best_weight = weight;
    }
  }
  return best;
}

std::unique_ptr<ContentEncoder> make_content_encoder(ContentCoding coding) {
  if (coding == ContentCoding::gzip) return std::make_unique<GzipEncoder>();
  if (coding == ContentCoding::zstd) return std::make_unique<ZstdEncoder>();
  return nullptr;
}

}  // namespace vitals::net
