// AnswerParser: takes the bytes of one HTTP/1.1 answer as they come and says when it is whole. No I/O.
//
// Reads what HttpResponseReader does not need to: fields, and bodies in chunks. An answer whose end is the end of the
// connection is refused, because a broken connection would look like its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace orderflow::net {

struct AnswerField {
    std::string name;  // as it came
    std::string value;
    friend bool operator==(const AnswerField&, const AnswerField&) = default;
};

struct ClientAnswer {
    int status = 0;
    std::vector<AnswerField> fields;  // without those of trailers
    std::string body;

    // The first field of that name, in any case; null when there is none. Valid while the answer is unchanged.
    const std::string* find(std::string_view name) const noexcept;
};

class AnswerParser {
  public:
    enum class State : std::uint8_t {
        incomplete,
        complete,
        malformed,    // not HTTP/1.x, or fields that contradict each other
        unsupported,  // ends with the connection, a transfer coding that is not chunked, another protocol (101)
        too_large,
    };
    // What was asked decides where the answer ends: one to HEAD has no body, and neither has that to CONNECT.
    enum class Asked : std::uint8_t { other, head, connect };

    struct Limits {
        std::size_t head_bytes;
        std::size_t body_bytes;
    };

    AnswerParser(Asked asked, Limits limits);
    ~AnswerParser();
    AnswerParser(const AnswerParser&) = delete;
    AnswerParser& operator=(const AnswerParser&) = delete;

    // The next bytes, as long as the answer is incomplete. Interim answers (1xx) are passed over.
    State put(std::string_view bytes);

    // Whether any byte of an answer came.
    bool has_begun() const noexcept;

    // Of a complete answer: whether the connection may carry another one. Not when bytes came that nobody asked for.
    bool connection_is_good() const noexcept;
    ClientAnswer take() &&;

  private:
    class Collector;
    struct Parts;
    State step();

    std::unique_ptr<Parts> parts_;
};

}  // namespace orderflow::net
