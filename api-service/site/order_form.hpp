// OrderForm: the fields of the form for browsers without scripts, as posted, and the order request that they are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/base/result.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::api {

class OrderForm {
  public:
    OrderForm() = default;

    // application/x-www-form-urlencoded. invalid_input "malformed-form": a broken escape, text that is not UTF-8, a
    // field twice or one that the form does not have.
    static Result<OrderForm> parse(std::string_view body);

    // What was typed; empty when the field was not sent.
    std::string_view value(std::string_view name) const;
    void set(std::string_view name, std::string value);

    // As the JSON body of an order request: an empty field is an absent one, products without quantity are left out.
    std::string to_request() const;

    // The control of the page that a pointer into to_request() is about; nothing when there is none.
    std::optional<std::string> control_of(std::string_view pointer) const;

  private:
    void write_members(json::Writer& out, std::string_view object) const;
    std::vector<std::string> ordered_skus() const;

    std::vector<std::pair<std::string, std::string>> fields_;
};

}  // namespace orderflow::api
