// Answers with a file that is built in: validators, compression, type.
#pragma once

#include <string_view>

#include "api-service/site/embedded_files.hpp"
#include "libs/net/request.hpp"
#include "libs/net/response.hpp"

namespace orderflow::api {

// By the ending of the name: text/html; charset=utf-8 and so on.
std::string_view media_type_of(std::string_view path) noexcept;

// Whether Accept-Encoding takes gzip (RFC 9110, section 12.5.3): named, or by "*", with a weight above zero.
bool accepts_gzip(const net::Request& request);

// 200 with ETag and Vary, compressed when the client accepts it and it pays; or 304. How long it may be kept is said by
// its kind (SiteHeaders).
net::Response file_response(const net::Request& request, const EmbeddedFile& file);

}  // namespace orderflow::api
