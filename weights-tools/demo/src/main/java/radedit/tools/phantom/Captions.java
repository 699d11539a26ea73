package radedit.tools.phantom;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Generates captions in the phrases of radiology reports. */
public final class Captions {
    private static final double DEVICES_MENTIONED = 0.5;
    private static final double NEGATIVE_MENTIONED = 0.2;
    private static final double FULL_STOP = 0.4;

    private final RandomGenerator random;
    private final List<String> sentences = new ArrayList<>();
    private final List<Claim> claims = new ArrayList<>();

    private Captions(RandomGenerator random) {
        this.random = random;
    }

    /** A true caption: all findings, sometimes the devices, sometimes an absent finding. */
    public static Caption draw(Phantom phantom, RandomGenerator random) {
        Captions c = new Captions(random);
        boolean devices = random.nextDouble() < DEVICES_MENTIONED;
        if (phantom.findings().isEmpty()) {
            c.normal();
        } else {
            c.findings(phantom.findings());
            if (random.nextDouble() < NEGATIVE_MENTIONED) {
                c.absent(phantom, random.nextBoolean() ? Finding.Kind.EFFUSION : Finding.Kind.PNEUMOTHORAX);
            }
        }
        if (devices) {
            phantom.devices().forEach(c::device);
        }
        return c.finish();
    }

    /**
     * A caption about the findings with the wrong side.
     *
     * @return empty if the film has no one-sided finding
     */
    public static Optional<Caption> wrongSide(Phantom phantom, RandomGenerator random) {
        Phantom mirrored = new Phantom(phantom.seed(), phantom.anatomy(), phantom.exposure(),
                phantom.findings().stream()
                        .map(f -> f.side() == null
                                ? f
                                : new Finding(f.kind(), f.side().other(), f.extent(), f.amount(), f.u(), f.y()))
                        .toList(),
                List.of());
        return attempt(mirrored, phantom, random);
    }

    /** A caption about a finding that the film does not have. */
    public static Optional<Caption> wrongFinding(Phantom phantom, RandomGenerator random) {
        List<Finding.Kind> absent = new ArrayList<>(List.of(Finding.Kind.values()));
        absent.removeIf(k -> phantom.has(k, null));
        Finding.Kind kind = absent.get(random.nextInt(absent.size()));
        return attempt(Phantom.draw(random.nextLong(), List.of(kind), null), phantom, random);
    }

    private static Optional<Caption> attempt(Phantom described, Phantom film, RandomGenerator random) {
        for (int i = 0; i < 8 && !described.findings().isEmpty(); i++) {
            Captions c = new Captions(random);
            c.findings(described.findings());
            Caption caption = c.finish();
            if (!caption.holds(film)) {
                return Optional.of(caption);
            }
        }
        return Optional.empty();
    }

    /** A caption of a normal film, such as "No acute cardiopulmonary process". */
    public static Caption normal(RandomGenerator random) {
        Captions c = new Captions(random);
        c.normal();
        return c.finish();
    }

    private void normal() {
        switch (random.nextInt(8)) {
            case 0, 1 -> say("No acute cardiopulmonary process");
            case 2, 3 -> {
                say("No pneumothorax");
                claims.add(new Claim(Finding.Kind.PNEUMOTHORAX.word(), null, null, false));
                return;
            }
            case 4 -> {
                say("No pleural effusion");
                claims.add(new Claim(Finding.Kind.EFFUSION.word(), null, null, false));
                return;
            }
            case 5 -> say("No pleural effusion or pneumothorax");
            case 6 -> say("Lungs are clear");
            default -> {
                say("No acute cardiopulmonary process");
                say("No pneumothorax");
            }
        }
        claims.add(new Claim("finding", null, null, false));
    }

    private void findings(List<Finding> findings) {
        Finding f = findings.getFirst();
        if (findings.size() == 2 && f.kind() == findings.get(1).kind()) {
            String size = f.extent() == null ? "" : f.extent().word();
            boolean told = random.nextBoolean();
            say(told
                    ? capital(random.nextBoolean()
                            ? size + " bilateral pleural effusions"
                            : "bilateral " + size + " pleural effusions")
                    : "Bilateral pleural effusions");
            findings.forEach(e -> claims.add(new Claim(e.kind().word(), e.side(), told ? e.extent() : null, true)));
        } else {
            findings.forEach(this::finding);
        }
    }

    private void finding(Finding f) {
        String name = f.kind() == Finding.Kind.EFFUSION ? "pleural effusion" : f.kind().word();
        String side = f.side() == null ? "" : f.side().word();
        String size = f.extent() == null ? "" : f.extent().word();
        boolean sideTold = true;
        boolean sizeTold = false;
        switch (f.kind()) {
            case EFFUSION, PNEUMOTHORAX -> {
                int form = random.nextInt(10);
                sizeTold = form < 6;
                sideTold = form < 9;
                say(capital(switch (form) {
                    case 0, 1, 2 -> size + " " + side + "-sided " + name;
                    case 3, 4 -> size + " " + side + " " + name;
                    case 5 -> "there is a " + size + " " + side + " " + name;
                    case 6 -> side + "-sided " + name;
                    case 7 -> side + " " + name;
                    case 8 -> name + " on the " + side;
                    default -> name;
                }));
            }
            case CONSOLIDATION, NODULE -> {
                int form = random.nextInt(6);
                sideTold = form < 5;
                say(capital(switch (form) {
                    case 0, 1 -> side + "-sided " + name;
                    case 2 -> side + " lung " + name;
                    case 3, 4 -> name + " in the " + side + " lung";
                    default -> name;
                }));
            }
            case CARDIOMEGALY -> {
                sideTold = false;
                say(switch (random.nextInt(4)) {
                    case 0, 1 -> "Cardiomegaly";
                    case 2 -> "Enlarged heart";
                    default -> "The heart is enlarged";
                });
            }
        }
        claims.add(new Claim(f.kind().word(), sideTold ? f.side() : null, sizeTold ? f.extent() : null, true));
    }

    private void absent(Phantom phantom, Finding.Kind kind) {
        if (!phantom.has(kind, null)) {
            say(kind == Finding.Kind.EFFUSION ? "No pleural effusion" : "No " + kind.word());
            claims.add(new Claim(kind.word(), null, null, false));
        }
    }

    private void device(Device d) {
        String name = switch (d.kind()) {
            case DRAIN -> "chest drain";
            case PACEMAKER -> "pacemaker";
            case TUBE -> "endotracheal tube";
        };
        Side told = d.side() != null && random.nextInt(3) > 0 ? d.side() : null;
        say(capital((told == null ? "" : told.word() + " ") + name + (random.nextBoolean() ? " in place" : "")));
        claims.add(new Claim(d.kind().word(), told, null, true));
    }

    private void say(String sentence) {
        sentences.add(sentence);
    }

    private Caption finish() {
        String text = String.join(". ", sentences);
        return new Caption(random.nextDouble() < FULL_STOP ? text + "." : text, List.copyOf(claims));
    }

    private static String capital(String s) {
        return Character.toUpperCase(s.charAt(0)) + s.substring(1);
    }
}
