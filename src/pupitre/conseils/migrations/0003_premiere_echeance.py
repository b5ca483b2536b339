from django.db import migrations, models


def fixer(apps, schema_editor):
    """Each decision takes the deadline of its first event: the one that was set when it was taken."""
    premier = (
        apps.get_model("conseils", "EvenementDecision")
        .objects.filter(decision=models.OuterRef("pk"))
        .order_by("pk")
    )
    apps.get_model("conseils", "Decision").objects.update(
        premiere_echeance=models.Subquery(premier.values("echeance")[:1])
    )


class Migration(migrations.Migration):

    dependencies = [
        ('conseils', '0002_etat_porte'),
    ]

    operations = [
        migrations.AddField(
            model_name='decision',
            name='premiere_echeance',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='échéance fixée en séance'),
        ),
        migrations.RunPython(fixer, migrations.RunPython.noop),
    ]
