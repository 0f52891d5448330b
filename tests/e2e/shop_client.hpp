// ShopClient: orders placed and read over real HTTP, with the unknown outcome kept apart from the answers.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/json/document.hpp"

namespace orderflow::e2e {

struct Answer {
    int status = 0;
    std::map<std::string, std::string> fields;  // names in lower case
    std::string body;

    // The body as JSON; throws when it is none.
    json::Document document() const;
    // A text member of the JSON body; throws when it is not there.
    std::string text(std::string_view member) const;
};

// An order that the API accepts: `lines` of sku and quantity.
std::string order_body(const std::vector<std::pair<std::string, int>>& lines, std::string_view token = "tok_ok");

class ShopClient {
  public:
    explicit ShopClient(std::uint16_t port) : port_(port) {}

    // Nothing: the connection failed or broke, so what became of the request is unknown.
    std::optional<Answer> try_request(std::string_view method, std::string_view target,
                                      const std::vector<std::pair<std::string, std::string>>& fields = {},
                                      std::string_view body = {}) const;

    // The same where a failure fails the test: throws.
    Answer get(std::string_view target) const;
    Answer post_order(std::string_view key, std::string_view body) const;
    Answer cancel(std::string_view order_id) const;

    std::optional<Answer> try_post_order(std::string_view key, std::string_view body) const;

    // Follows the order's event stream until its status is settled or on_hold and returns that status; throws when the
    // stream ends or falls silent before.
    std::string wait_until_settled(std::string_view order_id) const;

    // Units of a product that can be sold now.
    std::int64_t available(std::string_view sku) const;

  private:
    std::uint16_t port_;
};

}  // namespace orderflow::e2e
