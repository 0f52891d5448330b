// QueryForm: the parameters of a request of the query protocol, decoded: "Action=SendMessage&MessageBody=Hello".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "queue-service/protocol/sqs_error.hpp"
#include "queue-service/protocol/wire_name.hpp"

namespace orderflow::sqs {

class QueryForm {
  public:
    // Adds "a=1&b=2" as it was sent. MalformedInput when an escape is broken, a text is not UTF-8, a name comes twice
    // or there are more than limits::form_parameters_max.
    Outcome<void> add(std::string_view encoded);

    // Null when there is none; an empty value is as good as none.
    const std::string* find(std::string_view name) const;

    // The indexes of a list as they were written, in ascending order: {"1", "2"} for "name.1.Id" and "name.2".
    std::vector<std::string> indexes(std::string_view name) const;

  private:
    TextMap parameters_;
};

}  // namespace orderflow::sqs
