#include "libs/net/request_parser.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <limits>
#include <vector>

namespace orderflow::net {

namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using BeastView = boost::beast::string_view;

constexpr std::size_t kept_body_bytes = 64 * 1024;

std::string_view to_std(BeastView text) noexcept { return {text.data(), text.size()}; }

// What outlives one request: the memory.
struct Parts {
    std::string_view target;
    std::vector<Field> fields;
    std::string body;
};

// Collects views instead of filling a container of strings: no allocation for a request of usual size.
class Collector final : public http::basic_parser<true> {
  public:
    explicit Collector(Parts& parts) : parts_(parts) {
        // The guards have applied the limits.
        header_limit(std::numeric_limits<std::uint32_t>::max());
        body_limit(boost::none);
        eager(true);
    }

  private:
    void on_request_impl(http::verb /*verb*/, BeastView /*method*/, BeastView target, int /*version*/,
                         error_code& /*ec*/) override {
        parts_.target = to_std(target);
    }
    void on_response_impl(int /*status*/, BeastView /*reason*/, int /*version*/, error_code& /*ec*/) override {}
    void on_field_impl(http::field /*field*/, BeastView name, BeastView value, error_code& /*ec*/) override {
        if (in_head_) parts_.fields.push_back({.name = to_std(name), .value = to_std(value)});
    }
    void on_header_impl(error_code& /*ec*/) override { in_head_ = false; }
    // The announced length is not reserved: memory follows the bytes that really come.
    void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/, error_code& /*ec*/) override {}
    std::size_t on_body_impl(BeastView bytes, error_code& /*ec*/) override {
        parts_.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }
    void on_chunk_header_impl(std::uint64_t /*size*/, BeastView /*extensions*/, error_code& /*ec*/) override {}
    std::size_t on_chunk_body_impl(std::uint64_t /*left*/, BeastView bytes, error_code& /*ec*/) override {
        parts_.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }
    void on_finish_impl(error_code& /*ec*/) override {}

    Parts& parts_;
    bool in_head_ = true;
};

}  // namespace

struct RequestParser::State {
    Parts parts;
    std::optional<Collector> collector;  // good for one request
};

RequestParser::RequestParser() : state_(std::make_unique<State>()) {}
RequestParser::~RequestParser() = default;

bool RequestParser::put_head(std::string_view head) {
    state_->parts.fields.clear();
    state_->parts.body.clear();
    if (state_->parts.body.capacity() > kept_body_bytes) state_->parts.body = std::string();
    auto& collector = state_->collector.emplace(state_->parts);
    error_code refused;
    const auto used = collector.put(boost::asio::const_buffer(head.data(), head.size()), refused);
    return !refused && used == head.size() && collector.is_header_done();
}

std::optional<std::size_t> RequestParser::put_body(std::string_view bytes) {
    error_code refused;
    const auto used = state_->collector->put(boost::asio::const_buffer(bytes.data(), bytes.size()), refused);
    if (refused && refused != http::error::need_more) return std::nullopt;
    return used;
}

bool RequestParser::done() const noexcept { return state_->collector->is_done(); }
std::string_view RequestParser::target() const noexcept { return state_->parts.target; }
std::span<const Field> RequestParser::fields() const noexcept { return state_->parts.fields; }
bool RequestParser::chunked() const noexcept { return state_->collector->chunked(); }
std::string_view RequestParser::body() const noexcept { return state_->parts.body; }

std::optional<std::uint64_t> RequestParser::content_length() const noexcept {
    const auto length = state_->collector->content_length();
    return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}

}  // namespace orderflow::net
