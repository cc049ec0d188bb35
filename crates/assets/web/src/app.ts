// Everything here only improves pages that already work as links and forms.
import "./ts/config";
import "htmx.org";
import "htmx.org/dist/ext/hx-sse.js";
import "./ts/theme";
import "./ts/side";
import "./ts/toast";
import "./ts/layers";
import "./ts/keys";
import "./ts/guard";
import "./ts/picks";
import "./ts/cells";
import "./ts/rows";
