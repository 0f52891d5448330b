#include "orderflow/sample_catalogue.hpp"

namespace orderflow {
namespace {

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"
constexpr char text[] = {
#embed "../contracts/catalogue.json"
};
#pragma clang diagnostic pop

}  // namespace

std::string_view sample_catalogue_json() noexcept { return {text, sizeof(text)}; }

}  // namespace orderflow
