// Everything here only improves pages that already work as links and forms.
import "./ts/config";
import "htmx.org";
import "./ts/theme";
import "./ts/side";
import "./ts/toast";
import "./ts/layers";
import "./ts/keys";
import "./ts/panel";
import "./ts/session";
import "./ts/guard";
import "./ts/changes";
import "./ts/fresh";
import "./ts/recent";
import "./ts/trail";
import "./ts/palette";
import "./ts/quick";
import "./ts/picks";
